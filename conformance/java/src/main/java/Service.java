import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.migrationhub.MigrationHubClient;
import software.amazon.awssdk.services.migrationhubconfig.MigrationHubConfigClient;

/** The clients, and how an operation is called by its name. */
final class Service {
    private static final Map<String, Class<?>> CLIENTS = Map.of(
            "AWSMigrationHub", MigrationHubClient.class,
            "AWSMigrationHubMultiAccountService", MigrationHubConfigClient.class);

    private final URI endpoint;
    private final Map<String, Object> made = new HashMap<>();

    Service(String endpoint) {
        this.endpoint = URI.create(endpoint);
    }

    private Object client(String service, String region) {
        return made.computeIfAbsent(service + region, key -> {
            AwsClientBuilder<?, ?> builder = service.equals("AWSMigrationHub")
                    ? MigrationHubClient.builder()
                    : MigrationHubConfigClient.builder();
            builder.region(Region.of(region))
                    .endpointOverride(endpoint)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                    .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)));
            return builder.build();
        });
    }

    /** Makes a call, or goes through all its pages; throws what the client throws. */
    ObjectNode call(JsonNode step) throws Throwable {
        Class<?> type = CLIENTS.get(step.path("service").textValue());
        String operation = step.path("operation").textValue();
        Class<?> requestType = Class.forName(type.getPackageName() + ".model." + operation + "Request");
        SdkPojo builder = (SdkPojo) requestType.getMethod("builder").invoke(null);
        Object request = Convert.build(builder, step.path("input"));
        String method = Character.toLowerCase(operation.charAt(0)) + operation.substring(1);
        JsonNode paginate = step.path("paginate");
        String name = paginate.isObject() ? method + "Paginator" : method;
        Object client = client(step.path("service").textValue(), step.path("region").textValue());
        try {
            Object answer = type.getMethod(name, requestType).invoke(client, request);
            return paginate.isObject() ? counted((Iterable<?>) answer, paginate) : Convert.plain((SdkPojo) answer);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static ObjectNode counted(Iterable<?> pages, JsonNode paginate) {
        int items = 0;
        Set<JsonNode> distinct = new HashSet<>();
        for (Object page : pages) {
            for (JsonNode item : Convert.plain((SdkPojo) page).path(paginate.path("list").textValue())) {
                items++;
                distinct.add(item.path(paginate.path("key").textValue()));
            }
        }
        return JsonNodeFactory.instance.objectNode().put("items", items).put("distinct", distinct.size());
    }
}
