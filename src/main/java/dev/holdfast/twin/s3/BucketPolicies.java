package dev.holdfast.twin.s3;

import static dev.holdfast.twin.store.PolicyElements.many;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.Contents;
import java.util.List;

/** The checks of S3 on bucket policies. */
final class BucketPolicies {
    private BucketPolicies() {}

    static void require(TwinBucket bucket, String policy) {
        JsonNode document = Contents.json(policy);
        if (!document.isObject()) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'");
        }
        if (many(document.get("Statement")).isEmpty()) {
            throw malformed("Missing required field Statement");
        }
        String arn = "arn:aws:s3:::" + bucket.name;
        for (JsonNode statement : many(document.get("Statement"))) {
            if (!statement.has("Principal") && !statement.has("NotPrincipal")) {
                throw malformed("Missing required field Principal");
            }
            for (JsonNode resource : many(statement.get("Resource"))) {
                if (!resource.asText().equals(arn) && !resource.asText().startsWith(arn + "/")) {
                    throw malformed("Policy has invalid resource");
                }
            }
        }
        if (bucket.publicAccessBlock != null
                && Boolean.TRUE.equals(bucket.publicAccessBlock.blockPublicPolicy())
                && many(document.get("Statement")).stream().anyMatch(BucketPolicies::opensToAll)) {
            throw S3Errors.error(
                    403,
                    "AccessDenied",
                    "User is not authorized to perform: s3:PutBucketPolicy on resource: \"" + arn
                            + "\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block"
                            + " Public Access.");
        }
    }

    /**
     * Whether the statement grants access to everyone. AWS checks how far a condition restricts it; the twin accepts
     * any condition.
     */
    private static boolean opensToAll(JsonNode statement) {
        JsonNode principal = statement.path("Principal");
        List<JsonNode> principals = many(principal.isObject() ? principal.get("AWS") : principal);
        return statement.path("Effect").asText().equals("Allow")
                && !statement.has("Condition")
                && principals.stream().anyMatch(p -> p.asText().equals("*"));
    }

    private static software.amazon.awssdk.awscore.exception.AwsServiceException malformed(String message) {
        return S3Errors.error(400, "MalformedPolicy", message);
    }
}
