package dev.holdfast.aws;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.traits.DefaultValueTrait;

/** Derives from the name of an operation whether it writes, creates or may be repeated. */
public final class Operations {
    private static final List<String> READS = List.of(
            "Describe",
            "List",
            "Get",
            "Head",
            "BatchGet",
            "BatchDescribe",
            "Lookup",
            "Simulate",
            "Assume",
            "Search",
            "Query",
            "Filter",
            "Test",
            "Validate",
            "Preview",
            "Decode",
            "Estimate");
    private static final List<String> MAKE_ANOTHER = List.of(
            "Create",
            "Allocate",
            "Run",
            "Request",
            "Register",
            "Copy",
            "Restore",
            "Import",
            "Issue",
            "Start",
            "Publish",
            "Send",
            "Invoke",
            "Submit",
            "Execute",
            "Purchase");
    private static final Set<String> TOKENS =
            Set.of("clienttoken", "clientrequesttoken", "callerreference", "idempotencytoken", "creationtoken");
    /** The services whose signing name differs from the prefix of their IAM actions. */
    private static final Map<String, String> PREFIXES = Map.of("monitoring", "cloudwatch", "tagging", "tag");

    private Operations() {}

    /**
     * Whether the operation may change something. An operation that is not known to be a read counts as a write.
     *
     * @param operation with or without its service: {@code ec2:CreateVpc}
     */
    public static boolean isWrite(String operation) {
        String name = operation.substring(operation.indexOf(':') + 1);
        return READS.stream().noneMatch(name::startsWith);
    }

    /**
     * Whether the call may be sent again after its answer was lost. A second CreateVpc creates a second VPC, a second
     * CreateRole finds its name taken by the first, and the first conditional put breaks the condition of the second.
     */
    static boolean isRepeatable(String operation, SdkRequest request) {
        if (request.getValueForField("IfMatch", Object.class).isPresent()
                || request.getValueForField("IfNoneMatch", Object.class).isPresent()) {
            return !isWrite(operation);
        }
        return MAKE_ANOTHER.stream().noneMatch(operation::startsWith) || hasToken(request);
    }

    /** @param operation {@code ec2:CreateVpc} */
    static boolean makesAnother(String operation) {
        String name = operation.substring(operation.indexOf(':') + 1);
        return MAKE_ANOTHER.stream().anyMatch(name::startsWith);
    }

    private static boolean hasToken(SdkRequest request) {
        return request.sdkFields().stream()
                .anyMatch(field -> field.containsTrait(DefaultValueTrait.class)
                        || (TOKENS.contains(field.memberName().toLowerCase(Locale.ROOT))
                                && field.getValueOrDefault(request) != null));
    }

    /** The prefix of the service's IAM actions: {@code ec2}, {@code cloudwatch}, {@code tag}. */
    public static String prefix(String signingName) {
        return PREFIXES.getOrDefault(signingName, signingName);
    }
}
