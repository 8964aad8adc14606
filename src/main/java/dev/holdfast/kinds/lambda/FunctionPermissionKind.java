package dev.holdfast.kinds.lambda;

import static dev.holdfast.kind.OwnershipForm.PARENT;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AddPermissionRequest;
import software.amazon.awssdk.services.lambda.model.FunctionUrlAuthType;
import software.amazon.awssdk.services.lambda.model.RemovePermissionRequest;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * A statement of a function's policy: a principal that may invoke the function. A changed statement is added under
 * another id before the old statement is removed, so that Lambda refuses no caller in between.
 */
@Singleton
public final class FunctionPermissionKind extends DeclaredKind<FunctionPermissionKind.Spec> {
    private static final Absent NO_POLICY = Absent.when(ResourceNotFoundException.class);

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html">AddPermission</a> */
    public record Spec(
            @Doc("The id of the statement, unique in the function's policy.") @PhysicalName(max = 100, also = "_")
            String statementId,

            @Doc("The name of the function.") @Required @Immutable @Ref(value = "Function", output = "name")
            String functionName,

            @Doc("The allowed action, usually lambda:InvokeFunction.") @Required @Immutable
            String action,

            @Doc("The principal: a service, an account, or the ARN of a role.")
            @Required
            @Immutable
            @Risk(FieldRisk.PRINCIPAL)
            String principal,

            @Doc("The resource for which a service may invoke the function, such as a rule or secret; * is a wildcard.")
            @Immutable
            String sourceArn,

            @Doc("The account of that resource. Without account and ARN, a resource of any account is allowed.")
            @Immutable
            String sourceAccount,

            @Doc("A token that the caller has to send.") @Immutable
            String eventSourceToken,

            @Doc("The id of the organization whose accounts may invoke the function.") @Immutable
            String principalOrgID,

            @Doc("The authentication of callers of the function's URL.") @Immutable
            FunctionUrlAuthType functionUrlAuthType,

            @Doc("Whether only calls through the function's URL are allowed.") @Immutable
            Boolean invokedViaFunctionUrl) {
        public Spec {
            principal = principal != null && principal.matches("arn:[a-z-]+:iam::\\d{12}:root")
                    ? principal.split(":")[4]
                    : principal;
            functionName = functionName != null && functionName.contains(":function:")
                    ? Values.after(functionName, ":function:")
                    : functionName;
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("FunctionPermission", Spec.class, LambdaClient.class, PARENT)
                .description("A statement of a function's policy: a principal that may invoke the function.")
                .finds(FunctionPermissionKind::statements)
                .id(FunctionPermissionKind::id)
                .name(AddPermissionRequest::statementId)
                .within((desired, statement) -> statement.functionName().equals(desired.functionName()))
                .createsIdentified(
                        AddPermissionRequest::builder,
                        LambdaClient::addPermission,
                        desired -> desired.functionName() + ":" + desired.statementId())
                .deletes(RemovePermissionRequest::builder, LambdaClient::removePermission)
                .output("statementId", "The id of the statement.", AddPermissionRequest::statementId)
                .info(info -> info.hangsAt("Function", Spec::functionName))
                .leavesOut("Qualifier", "Holdfast does not manage versions and aliases")
                .leavesOut("RevisionId", "Holdfast adds a statement whatever the other statements are")
                .fault("ResourceConflictException", "already exists", EXISTS)
                .fault("ResourceConflictException", CONFLICT)
                .fault("PreconditionFailedException", CONFLICT)
                .fault("InvalidParameterValueException", "principal was invalid", DEPENDENCY)
                // A statement has no ARN, so that the function carries the tag.
                .permissions(Permissions.on("lambda:{region}:{account}:function:*")
                        .changes("lambda:AddPermission", "lambda:RemovePermission"))
                .page("https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html");
    }

    /** Neither name can contain a colon. */
    private static String id(AddPermissionRequest statement) {
        return statement.functionName() + ":" + statement.statementId();
    }

    /**
     * Lambda returns one policy per request. Each statement has its own slow read, so that a write causes a new read.
     */
    private static List<AddPermissionRequest> statements(Scope<?> scope, LambdaClient lambda) {
        Set<String> ids = new TreeSet<>(Listings.ids(scope));
        for (Wanted<?> wanted : scope.wanted()) {
            if (wanted.desired() instanceof Spec spec
                    && spec.functionName() != null
                    && !Unresolved.is(spec.functionName())
                    && wanted.physicalName() != null) {
                ids.add(spec.functionName() + ":" + wanted.physicalName());
            }
        }
        return Listings.inParallel(scope, ids, id -> {
            String function = id.substring(0, id.indexOf(':'));
            String policy = scope.slow(id, "policy", () -> policy(lambda, function));
            return read(function, policy).stream()
                    .filter(statement -> id(statement).equals(id))
                    .toList();
        });
    }

    private static String policy(LambdaClient lambda, String function) {
        return NO_POLICY.or(
                "{}",
                () -> Listings.required(
                        lambda.getPolicy(r -> r.functionName(function)).policy(),
                        "the policy of " + function + " without its text"));
    }

    /** The physical ids of all statements of a function. */
    static List<String> ids(LambdaClient lambda, String function) {
        return read(function, policy(lambda, function)).stream()
                .map(FunctionPermissionKind::id)
                .toList();
    }

    private static List<AddPermissionRequest> read(String function, String policy) {
        List<AddPermissionRequest> all = new ArrayList<>();
        for (JsonNode statement : PolicyDocuments.parse(policy).path("Statement")) {
            JsonNode principal = statement.path("Principal");
            JsonNode who = principal.isTextual()
                    ? principal
                    : principal.has("Service") ? principal.path("Service") : principal.path("AWS");
            all.add(AddPermissionRequest.builder()
                    .functionName(function)
                    .statementId(statement.path("Sid").asText())
                    .action(statement.path("Action").asText())
                    .principal(who.asText())
                    .sourceArn(condition(statement, "aws:SourceArn"))
                    .sourceAccount(condition(statement, "aws:SourceAccount"))
                    .eventSourceToken(condition(statement, "lambda:EventSourceToken"))
                    .principalOrgID(condition(statement, "aws:PrincipalOrgID"))
                    .functionUrlAuthType(condition(statement, "lambda:FunctionUrlAuthType"))
                    .invokedViaFunctionUrl(
                            condition(statement, "lambda:InvokedViaFunctionUrl") == null
                                    ? null
                                    : Boolean.valueOf(condition(statement, "lambda:InvokedViaFunctionUrl")))
                    .build());
        }
        return all;
    }

    /** IAM ignores the case of condition keys. */
    private static @Nullable String condition(JsonNode statement, String key) {
        for (JsonNode operator : statement.path("Condition")) {
            for (var entry : operator.properties()) {
                if (entry.getKey().equalsIgnoreCase(key)) {
                    return entry.getValue().asText();
                }
            }
        }
        return null;
    }

    /** Lambda has no call that changes a statement. A statement that keeps its id is removed and added at once. */
    @Override
    public boolean inOneCall(Spec desired, Spec observed) {
        return desired.statementId() != null
                && desired.statementId().equals(observed.statementId())
                && Objects.equals(desired.functionName(), observed.functionName());
    }

    /** If the process ends between the two calls, the statement is missing and is created again. */
    @Override
    public List<String> exchange(List<Change<Spec>> changes) {
        List<String> ids = new ArrayList<>();
        for (Change<Spec> change : changes) {
            LambdaClient lambda = change.client(LambdaClient.class);
            AddPermissionRequest statement =
                    Wire.fill(AddPermissionRequest.builder(), change.spec()).build();
            lambda.removePermission(
                    r -> r.functionName(statement.functionName()).statementId(statement.statementId()));
            lambda.addPermission(statement);
            ids.add(id(statement));
        }
        return ids;
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean service = spec.principal() != null && spec.principal().endsWith(".amazonaws.com");
        if (service && !findings.declares(Spec::sourceArn) && !findings.declares(Spec::sourceAccount)) {
            findings.wrong(
                    Spec::principal,
                    "a resource of any account could invoke the function through the service",
                    "set sourceAccount to ${stack.account}");
        }
    }
}
