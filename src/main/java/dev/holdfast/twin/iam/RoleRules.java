package dev.holdfast.twin.iam;

import static dev.holdfast.twin.store.TwinErrors.refused;
import static dev.holdfast.twin.store.TwinErrors.shortened;
import static dev.holdfast.twin.store.TwinErrors.violation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.model.*;

/** IAM's checks of roles, with its error messages. */
final class RoleRules {
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern AWS_POLICY = Pattern.compile("arn:aws:iam::aws:policy/([\\w+=,.@-]+/)*[\\w+=,.@-]+");

    private RoleRules() {}

    static void checkName(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw refused(
                    "ValidationError",
                    "The specified value for roleName is invalid. It must contain only"
                            + " alphanumeric characters and/or the following: +=,.@_-");
        }
    }

    /** The twin assumes that all AWS managed policies exist, and that an account has none of its own. */
    static boolean isManagedPolicy(@Nullable String arn) {
        return arn != null && AWS_POLICY.matcher(arn).matches();
    }

    /**
     * @param account the account in which a principal must exist and be visible everywhere
     * @param propagated returns the role with this ARN if the role has propagated
     * @return the ids of the roles that the policy names, by ARN
     */
    static Map<String, String> checkedTrust(
            @Nullable String text, String account, Function<String, @Nullable Role> propagated) {
        JsonNode policy = PolicyEvaluation.read(text);
        PolicyEvaluation.checkTrustPolicy(policy);
        if (text != null && text.length() > 2048) {
            throw limit("Cannot exceed quota for ACLSizePerRole: 2048");
        }
        Map<String, String> ids = new TreeMap<>();
        for (String principal : PolicyEvaluation.principals(policy, "AWS")) {
            if (principal.startsWith("arn:aws:iam::" + account + ":") && !principal.endsWith(":root")) {
                Role role = propagated.apply(principal);
                if (role == null) {
                    throw PolicyEvaluation.malformed("Invalid principal in policy: \"AWS\":\"" + principal + "\"");
                }
                ids.put(principal, role.roleId());
            } else if (!principal.startsWith("arn:") && !principal.matches("\\*|\\d{12}")) {
                throw PolicyEvaluation.malformed("Invalid principal in policy: \"AWS\":\"" + principal + "\"");
            }
        }
        for (String service : PolicyEvaluation.principals(policy, "Service")) {
            if (!service.endsWith(".amazonaws.com")) {
                throw PolicyEvaluation.malformed("Invalid principal in policy: \"SERVICE\":\"" + service + "\"");
            }
        }
        return ids;
    }

    static void checkSession(@Nullable Integer seconds) {
        if (seconds != null && (seconds < 3600 || seconds > 43200)) {
            throw refused(
                    "ValidationError",
                    violation(seconds, "maxSessionDuration", "must have value between 3600 and 43200"));
        }
    }

    static void checkBoundary(@Nullable String arn) {
        if (arn != null && !isManagedPolicy(arn)) {
            throw noSuchEntity("Scope ARN: " + arn + " does not exist or is not attachable.");
        }
    }

    static @Nullable AttachedPermissionsBoundary boundary(@Nullable String arn) {
        return arn == null
                ? null
                : AttachedPermissionsBoundary.builder()
                        .permissionsBoundaryArn(arn)
                        .permissionsBoundaryType("Policy")
                        .build();
    }

    static AwsServiceException noSuchEntity(String message) {
        return shortened(NoSuchEntityException.builder(), 404, message);
    }

    static AwsServiceException conflict(String message) {
        return shortened(DeleteConflictException.builder(), 409, message);
    }

    static AwsServiceException limit(String message) {
        return shortened(LimitExceededException.builder(), 409, message);
    }
}
