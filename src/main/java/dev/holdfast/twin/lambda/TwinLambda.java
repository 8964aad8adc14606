package dev.holdfast.twin.lambda;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.*;

/**
 * The twin of Lambda: functions with their policies, which it never runs. A new function is Pending for a while. An
 * update takes a while too, and Lambda refuses another one meanwhile. Network interfaces outlive their function.
 */
public final class TwinLambda implements LambdaClient, TwinService {
    private static final int PAGE = 50;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9-_]{1,64}");
    private static final DateTimeFormatter MODIFIED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private final TwinContext context;
    private final FunctionRules rules;
    private final ResourceStore<FunctionConfiguration, FunctionConfiguration.Builder> functions;
    private final Map<String, FunctionState> states = new HashMap<>();

    public TwinLambda(TwinContext context) {
        this.context = context;
        this.rules = new FunctionRules(context);
        this.functions = context.store(FunctionConfiguration::builder, FunctionConfiguration::functionName)
                .type("lambda:function")
                .arn(FunctionConfiguration::functionArn)
                .pages(PAGE)
                .missing(name -> absent("Function not found: " + arn(name)))
                .tagRules(TagRules.of(
                        () -> invalid("The number of tags exceeds the limit of 50"),
                        key -> invalid("Tag keys that begin with aws: are reserved for system use")))
                .detail(f -> f.text() + " " + state(f.id()).policy + " " + state(f.id()).reserved)
                .shows((f, shown) -> {
                    Instant updated = state(f.id()).updated;
                    if (state(f.id()).unreadable != null) {
                        shown.environment(e -> e.error(state(f.id()).unreadable));
                    }
                    shown.state(isPending(f.id()) ? State.PENDING : State.ACTIVE)
                            .stateReason(isPending(f.id()) ? "The function is being created." : null)
                            .stateReasonCode(isPending(f.id()) ? StateReasonCode.CREATING : null)
                            .lastUpdateStatus(
                                    isUpdating(updated) ? LastUpdateStatus.IN_PROGRESS : LastUpdateStatus.SUCCESSFUL);
                });
    }

    static AwsServiceException invalid(String message) {
        return named(InvalidParameterValueException.builder(), message);
    }

    private static AwsServiceException absent(String message) {
        return error(ResourceNotFoundException.builder(), 404, "ResourceNotFoundException", message);
    }

    private static AwsServiceException conflict(String message) {
        return error(ResourceConflictException.builder(), 409, "ResourceConflictException", message);
    }

    private String arn(String name) {
        return context.arn("lambda", "function:" + name);
    }

    private FunctionState state(String name) {
        return Objects.requireNonNull(states.get(name));
    }

    private boolean isPending(String name) {
        return !context.passed(Delay.FUNCTION, functions.stored(name).createdAt());
    }

    private boolean isUpdating(@Nullable Instant updated) {
        return updated != null && !context.passed(Delay.FUNCTION, updated);
    }

    /** The name of a function, from a name, a partial ARN or an ARN. */
    private static String name(String nameOrArn) {
        return nameOrArn.substring(
                nameOrArn.indexOf(":function:") < 0 ? 0 : nameOrArn.indexOf(":function:") + ":function:".length());
    }

    /** The stored function; throws if it is not visible to callers. */
    private FunctionConfiguration seen(String nameOrArn) {
        return functions.seen(name(nameOrArn)).shape();
    }

    /** Whether a service may now invoke the function with this ARN for a resource of this account. */
    public boolean admits(String functionArn, String service, String sourceArn) {
        String name = name(functionArn);
        return functions.has(name)
                && functions.need(name).functionArn().equals(functionArn)
                && !isPending(name)
                && state(name).policy.admits(service, context.account(), sourceArn);
    }

    /** From now on, Lambda can or cannot decrypt the environment: if not, answers have an error instead of it. */
    public void encryptsEnvironment(String name, boolean readable) {
        state(name).readable(readable);
    }

    /** Whether a function with this ARN exists. */
    public boolean exists(String functionArn) {
        return functions.has(name(functionArn));
    }

    @Override
    public CreateFunctionResponse createFunction(CreateFunctionRequest r) {
        if (!NAME.matcher(r.functionName()).matches()) {
            throw invalid("1 validation error detected: Value '" + r.functionName()
                    + "' at 'functionName' failed to satisfy constraint");
        }
        if (functions.has(r.functionName())) {
            throw conflict("Function already exist: " + r.functionName());
        }
        DeployedCode code = DeployedCode.of(context, r);
        if (code.isImage() != (r.packageType() == PackageType.IMAGE)) {
            throw invalid("The package type does not fit the source of the function's code.");
        }
        FunctionConfiguration.Builder made = SdkShapes.copy(r, FunctionConfiguration.builder())
                .functionArn(arn(r.functionName()))
                .version("$LATEST")
                .layers(FunctionRules.layers(r.layers()))
                .imageConfigResponse(FunctionRules.image(r.imageConfig()))
                .vpcConfig(rules.vpc(r.vpcConfig()));
        FunctionRules.fillIn(made);
        deployed(made, code);
        modified(made);
        FunctionConfiguration shape = made.build();
        rules.check(shape);
        rules.checkRole(shape);
        FunctionState state = new FunctionState(code);
        attach(state, shape);
        states.put(shape.functionName(), state);
        functions.add(shape, TwinTags.in(r));
        return SdkShapes.copy(functions.shown(shape), CreateFunctionResponse.builder())
                .build();
    }

    private static void deployed(FunctionConfiguration.Builder f, DeployedCode code) {
        f.codeSha256(code.sha256()).codeSize(code.size());
    }

    private void modified(FunctionConfiguration.Builder f) {
        f.lastModified(MODIFIED.format(context.now())).revisionId(context.uuid());
    }

    /** Creates one interface for each subnet. The former interfaces of the function remain for a while. */
    private void attach(FunctionState state, FunctionConfiguration f) {
        TwinEc2 ec2 = context.peer(TwinEc2.class);
        release(state);
        if (f.vpcConfig() != null) {
            f.vpcConfig()
                    .subnetIds()
                    .forEach(subnet -> state.interfaces.add(ec2.createInterface(
                            subnet,
                            f.vpcConfig().securityGroupIds(),
                            "AWS Lambda VPC ENI-" + f.functionName() + "-" + context.uuid(),
                            true)));
        }
    }

    private void release(FunctionState state) {
        TwinEc2 ec2 = context.peer(TwinEc2.class);
        state.interfaces.forEach(id -> ec2.deleteInterface(id, Delay.FUNCTION_INTERFACE));
        state.interfaces.clear();
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html">States of a function</a> */
    private FunctionConfiguration update(
            String nameOrArn, @Nullable String revision, Consumer<FunctionConfiguration.Builder> how) {
        FunctionConfiguration old = seen(nameOrArn);
        String name = old.functionName();
        if (isPending(name)) {
            throw conflict("The operation cannot be performed at this time. The function is currently in the following"
                    + " state: Pending");
        }
        if (isUpdating(state(name).updated)) {
            throw conflict("The operation cannot be performed at this time. An update is in progress for resource: "
                    + old.functionArn());
        }
        if (revision != null && !revision.equals(old.revisionId())) {
            throw error(
                    PreconditionFailedException.builder(),
                    412,
                    "PreconditionFailedException",
                    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to"
                            + " retrieve the latest Revision Id");
        }
        FunctionConfiguration.Builder changed = old.toBuilder();
        how.accept(changed);
        FunctionRules.fillIn(changed);
        modified(changed);
        FunctionConfiguration shape = changed.build();
        rules.check(shape);
        rules.checkRole(shape);
        functions.put(shape);
        state(name).updated = context.now();
        return shape;
    }

    @Override
    public UpdateFunctionConfigurationResponse updateFunctionConfiguration(UpdateFunctionConfigurationRequest r) {
        String name = seen(r.functionName()).functionName();
        FunctionConfiguration shape = update(name, r.revisionId(), f -> {
            SdkShapes.copy(r, f).functionName(name);
            if (r.hasLayers()) {
                f.layers(FunctionRules.layers(r.layers()));
            }
            if (r.imageConfig() != null) {
                f.imageConfigResponse(FunctionRules.image(r.imageConfig()));
            }
            if (r.environment() != null) {
                f.environment(EnvironmentResponse.builder()
                        .variables(r.environment().variables())
                        .build());
            }
            if (r.vpcConfig() != null) {
                f.vpcConfig(rules.vpc(r.vpcConfig()));
            }
        });
        if (r.vpcConfig() != null) {
            attach(state(name), shape);
        }
        return SdkShapes.copy(functions.shown(shape), UpdateFunctionConfigurationResponse.builder())
                .build();
    }

    @Override
    public UpdateFunctionCodeResponse updateFunctionCode(UpdateFunctionCodeRequest r) {
        String name = seen(r.functionName()).functionName();
        DeployedCode code = DeployedCode.of(context, r);
        DeployedCode.refuseOtherType(state(name).code, code);
        FunctionConfiguration shape = update(name, r.revisionId(), f -> {
            deployed(f, code);
            if (r.hasArchitectures()) {
                f.architectures(r.architectures());
            }
        });
        state(name).code = code;
        return SdkShapes.copy(functions.shown(shape), UpdateFunctionCodeResponse.builder())
                .build();
    }

    @Override
    public ListFunctionsResponse listFunctions(ListFunctionsRequest r) {
        List<FunctionConfiguration> listed = functions
                .visible()
                .map(f -> f.copy(b -> b.state((String) null)
                        .stateReason(null)
                        .stateReasonCode((String) null)
                        .lastUpdateStatus((String) null)))
                .toList();
        return functions.page(r, ListFunctionsResponse.builder(), listed.stream());
    }

    @Override
    public GetFunctionResponse getFunction(GetFunctionRequest r) {
        FunctionConfiguration f = seen(r.functionName());
        FunctionState state = state(f.functionName());
        return GetFunctionResponse.builder()
                .configuration(functions.shown(f))
                .code(state.code.location())
                .tags(functions.tags(f.functionName()))
                .concurrency(
                        state.reserved == null
                                ? null
                                : Concurrency.builder()
                                        .reservedConcurrentExecutions(state.reserved)
                                        .build())
                .build();
    }

    @Override
    public GetFunctionConfigurationResponse getFunctionConfiguration(GetFunctionConfigurationRequest r) {
        return SdkShapes.copy(functions.shown(seen(r.functionName())), GetFunctionConfigurationResponse.builder())
                .build();
    }

    @Override
    public DeleteFunctionResponse deleteFunction(DeleteFunctionRequest r) {
        String name = seen(r.functionName()).functionName();
        release(state(name));
        functions.delete(name);
        states.remove(name);
        return DeleteFunctionResponse.builder().build();
    }

    /** An account reserves 100 executions for functions without a reservation; new accounts have 1,000. */
    @Override
    public PutFunctionConcurrencyResponse putFunctionConcurrency(PutFunctionConcurrencyRequest r) {
        FunctionConfiguration f = seen(r.functionName());
        int others = states.entrySet().stream()
                .filter(e -> !e.getKey().equals(f.functionName()) && e.getValue().reserved != null)
                .mapToInt(e -> Objects.requireNonNull(e.getValue().reserved))
                .sum();
        if (1000 - others - r.reservedConcurrentExecutions() < 100) {
            throw invalid("Specified ReservedConcurrentExecutions for function decreases account's"
                    + " UnreservedConcurrentExecution below its minimum value of [100].");
        }
        state(f.functionName()).reserved = r.reservedConcurrentExecutions();
        return PutFunctionConcurrencyResponse.builder()
                .reservedConcurrentExecutions(r.reservedConcurrentExecutions())
                .build();
    }

    @Override
    public DeleteFunctionConcurrencyResponse deleteFunctionConcurrency(DeleteFunctionConcurrencyRequest r) {
        state(seen(r.functionName()).functionName()).reserved = null;
        return DeleteFunctionConcurrencyResponse.builder().build();
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest r) {
        FunctionConfiguration f = seen(r.functionName());
        return AddPermissionResponse.builder()
                .statement(state(f.functionName()).policy.add(f.functionArn(), r))
                .build();
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest r) {
        FunctionPolicy policy = state(seen(r.functionName()).functionName()).policy;
        if (policy.isEmpty()) {
            throw absent("No policy is associated with the given resource.");
        }
        policy.remove(r.statementId());
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public GetPolicyResponse getPolicy(GetPolicyRequest r) {
        FunctionPolicy policy = state(seen(r.functionName()).functionName()).policy;
        if (policy.isEmpty()) {
            throw absent("The resource you requested does not exist.");
        }
        return GetPolicyResponse.builder()
                .policy(policy.toString())
                .revisionId(context.uuid())
                .build();
    }

    @Override
    public ListTagsResponse listTags(ListTagsRequest r) {
        return ListTagsResponse.builder()
                .tags(functions.tags(seen(r.resource()).functionName()))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        functions.tag(seen(r.resource()).functionName(), r.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        functions.untag(seen(r.resource()).functionName(), r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public List<TwinItem> inventory() {
        return functions.items();
    }
}
