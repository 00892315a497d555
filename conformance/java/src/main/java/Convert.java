import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.utils.builder.Buildable;

/** Between the JSON of rows and the client's own types, by the description that each type carries of its fields. */
final class Convert {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Convert() {}

    /** Sets the fields of a builder, and builds. Times of a row are epoch seconds. */
    static Object build(SdkPojo builder, JsonNode members) {
        if (!members.isObject()) {
            throw new Inexpressible("a structure is an object");
        }
        members.properties().forEach(member -> {
            SdkField<?> field = builder.sdkFields().stream()
                    .filter(each -> each.locationName().equals(member.getKey()))
                    .findFirst()
                    .orElseThrow(() -> new Inexpressible("there is no member " + member.getKey()));
            field.set(builder, typed(field, member.getValue()));
        });
        return ((Buildable) builder).build();
    }

    private static Object typed(SdkField<?> field, JsonNode value) {
        MarshallingType<?> type = field.marshallingType();
        if (type == MarshallingType.SDK_POJO) {
            return build(field.constructor().get(), value);
        }
        if (type == MarshallingType.LIST && value.isArray()) {
            SdkField<?> item = field.getTrait(ListTrait.class).memberFieldInfo();
            List<Object> items = new ArrayList<>();
            value.forEach(each -> items.add(typed(item, each)));
            return items;
        }
        if (type == MarshallingType.STRING && value.isTextual()) {
            return value.textValue();
        }
        if (type == MarshallingType.BOOLEAN && value.isBoolean()) {
            return value.booleanValue();
        }
        if (type == MarshallingType.INTEGER && value.canConvertToInt() && value.isIntegralNumber()) {
            return value.intValue();
        }
        if (type == MarshallingType.INSTANT && value.isNumber()) {
            return Instant.EPOCH.plusMillis(value.decimalValue().movePointRight(3).longValue());
        }
        throw new Inexpressible("a value of " + type.getTargetClass().getSimpleName() + " only");
    }

    /** The members that an answer has: times as epoch seconds, nothing for what is absent. */
    static ObjectNode plain(SdkPojo pojo) {
        ObjectNode members = JSON.objectNode();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            if (value != null && !(value instanceof SdkAutoConstructList)) {
                members.set(field.locationName(), plainValue(value));
            }
        }
        return members;
    }

    private static JsonNode plainValue(Object value) {
        if (value instanceof SdkPojo pojo) {
            return plain(pojo);
        }
        if (value instanceof List<?> list) {
            return JSON.arrayNode().addAll(list.stream().map(Convert::plainValue).toList());
        }
        if (value instanceof Instant instant) {
            return JSON.numberNode(BigDecimal.valueOf(instant.toEpochMilli(), 3));
        }
        if (value instanceof Integer number) {
            return JSON.numberNode(number);
        }
        if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        }
        return JSON.textNode(value.toString());
    }
}
