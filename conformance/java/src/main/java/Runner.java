import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Runs the rows with the AWS SDK for Java v2. See ../../../../README.md for rows and results. */
public final class Runner {
    private static final String ENDPOINT = System.getenv("MGH_ENDPOINT");
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Service SERVICE = new Service(ENDPOINT);

    private Runner() {}

    private static ObjectNode outcome(String verdict) {
        return MAPPER.createObjectNode().put("verdict", verdict);
    }

    private static ObjectNode call(JsonNode step) throws Throwable {
        try {
            return outcome("ok").set("output", SERVICE.call(step));
        } catch (Inexpressible mute) {
            return outcome("not-expressible").put("reason", mute.getMessage());
        } catch (AwsServiceException error) {
            String code = error.awsErrorDetails() == null ? null : error.awsErrorDetails().errorCode();
            return outcome("error")
                    .put("code", code == null ? "no name" : code)
                    .put("httpStatus", error.statusCode())
                    .put("reason", error.getMessage());
        }
    }

    private static void admin(String path, JsonNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(ENDPOINT + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
    }

    private static JsonNode filled(JsonNode step, Map<String, String> captured) throws IOException {
        String text = step.toString();
        for (Map.Entry<String, String> each : captured.entrySet()) {
            text = text.replace("<<" + each.getKey() + ">>", each.getValue());
        }
        return MAPPER.readTree(text);
    }

    private static ObjectNode run(JsonNode row) throws Throwable {
        Map<String, String> captured = new HashMap<>();
        admin("/_mgh/reset", MAPPER.createObjectNode());
        for (JsonNode step : row.path("setup")) {
            if (step.has("admin")) {
                admin(step.path("admin").textValue(), step.path("body"));
                continue;
            }
            ObjectNode result = call(filled(step, captured));
            String verdict = result.path("verdict").textValue();
            if (verdict.equals("not-expressible")) {
                return result;
            }
            if (!verdict.equals("ok") && !step.path("mayFail").asBoolean()) {
                String reason = step.path("operation").textValue() + ": " + result.path("reason").textValue();
                return result.put("verdict", "setup-failed").put("reason", reason);
            }
            step.path("capture").properties().forEach(each -> {
                String pointer = "/" + each.getValue().textValue().replace('.', '/');
                captured.put(each.getKey(), result.path("output").at(pointer).asText());
            });
        }
        return call(filled(row.path("call"), captured));
    }

    public static void main(String[] args) throws Throwable {
        for (JsonNode row : MAPPER.readTree(new File(args[0]))) {
            ObjectNode result = run(row);
            result.put("id", row.path("id").textValue());
            System.out.println(result);
        }
    }
}
