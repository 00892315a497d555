import java.nio.file.Path;
import software.amazon.smithy.jsonschema.JsonSchemaConfig;
import software.amazon.smithy.jsonschema.JsonSchemaConverter;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.knowledge.OperationIndex;
import software.amazon.smithy.model.knowledge.TopDownIndex;
import software.amazon.smithy.model.loader.ModelAssembler;
import software.amazon.smithy.model.node.Node;
import software.amazon.smithy.model.node.ObjectNode;
import software.amazon.smithy.model.shapes.OperationShape;
import software.amazon.smithy.model.shapes.ServiceShape;
import software.amazon.smithy.model.shapes.StructureShape;
import software.amazon.smithy.model.traits.TimestampFormatTrait;

/** Writes what Smithy itself makes of the models: a JSON Schema of each operation's input, and what these refer to. */
public final class Schemas {
    private Schemas() {}

    public static void main(String[] files) {
        ObjectNode.Builder services = Node.objectNodeBuilder();
        for (String file : files) {
            Model model = Model.assembler()
                    .addImport(Path.of(file))
                    .putProperty(ModelAssembler.ALLOW_UNKNOWN_TRAITS, true)
                    .assemble()
                    .unwrap();
            JsonSchemaConfig config = new JsonSchemaConfig();
            config.setUseIntegerType(true);
            config.setDefaultTimestampFormat(TimestampFormatTrait.Format.EPOCH_SECONDS);
            JsonSchemaConverter converter =
                    JsonSchemaConverter.builder().model(model).config(config).build();
            ObjectNode definitions = converter.convert().toNode().expectObjectNode();
            OperationIndex operations = OperationIndex.of(model);
            for (ServiceShape service : model.getServiceShapes()) {
                ObjectNode.Builder inputs = Node.objectNodeBuilder();
                for (OperationShape operation : TopDownIndex.of(model).getContainedOperations(service)) {
                    StructureShape input = operations.expectInputShape(operation);
                    inputs.withMember(
                            operation.getId().getName(),
                            Node.objectNodeBuilder().withMember("$ref", converter.toPointer(input)).build());
                }
                services.withMember(
                        service.getId().getName(),
                        Node.objectNodeBuilder()
                                .withMember("inputs", inputs.build())
                                .withMember("schemas", definitions)
                                .build());
            }
        }
        System.out.println(Node.printJson(services.build()));
    }
}
