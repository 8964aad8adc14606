package dev.holdfast.kinds.lambda;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.ApplicationLogLevel;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.LogFormat;
import software.amazon.awssdk.services.lambda.model.LoggingConfig;
import software.amazon.awssdk.services.lambda.model.PackageType;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.lambda.model.SystemLogLevel;
import software.amazon.awssdk.services.lambda.model.TracingMode;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionConfigurationRequest;

/** A function of Lambda, with its latest code: versions and aliases are not managed. */
@Singleton
public final class FunctionKind extends DeclaredKind<FunctionKind.Spec> {
    private static final String STATE = "state";

    private static final Tagging<LambdaClient> TAGGING = Tagging.<LambdaClient>indexed(
                    "lambda:function",
                    (lambda, arn) -> lambda.listTags(r -> r.resource(arn)).tags(),
                    arn -> Values.last(arn, ':'),
                    (lambda, arn, tags) ->
                            lambda.tagResource(r -> r.resource(arn).tags(tags)),
                    (lambda, arn, keys) ->
                            lambda.untagResource(r -> r.resource(arn).tagKeys(keys)))
            .on("arn");

    private static final PointRead<LambdaClient, FunctionConfiguration> READ = PointRead.of(
            (lambda, name) ->
                    List.of(lambda.getFunction(r -> r.functionName(name)).configuration()),
            ResourceNotFoundException.class);

    /** The fields that UpdateFunctionConfiguration changes. */
    static final Set<String> CONFIGURATION = Wire.covered(Spec.class, UpdateFunctionConfigurationRequest.builder());

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html">CreateFunction</a> */
    public record Spec(
            @Doc("The function's name.") @PhysicalName(max = 64, also = "_")
            String functionName,

            @Doc("The package type, Image or Zip; the default follows from the code.") @Immutable
            PackageType packageType,

            @Doc("The code. A change of the code waits until a change of the configuration is complete.") @Required
            FunctionPackage code,

            @Doc("The role that the function runs as.") @Required @Ref(value = "Role", output = "arn")
            String role,

            @Doc("The runtime for the code in a zip file.") Runtime runtime,

            @Doc("The function in the zip file that Lambda calls, such as index.handler.")
            String handler,

            @Doc("The purpose of the function.") @EmptyIsNone
            String description,

            @Doc("The seconds after which Lambda ends an invocation; AWS's default is 3.") @Range(min = 1, max = 900)
            Integer timeout,

            @Doc("The memory in MiB, which also determines the share of a processor; AWS's default is 128.")
            @Range(min = 128, max = 32768)
            Integer memorySize,

            @Doc("The entry point, command and directory that replace those of the image.")
            @ReadFrom("imageConfigResponse.imageConfig")
            @EmptyIsNone
            FunctionImage imageConfig,

            @Doc("The network in which the function runs; without subnets, the function runs outside of a VPC.")
            @EmptyIsNone
            FunctionVpc vpcConfig,

            @Doc("The environment of the function.") @EmptyIsNone
            FunctionEnvironment environment,

            @Doc("The key that encrypts the environment; empty: Lambda's own key.") @EmptyIsNone
            String kmsKeyArn,

            @Doc("The destination of events that the function could not handle.") @EmptyIsNone
            DeadLetter deadLetterConfig,

            @Doc("The tracing of the function by X-Ray.") FunctionTracing tracingConfig,

            @Doc("The ARNs of layer versions, in the order in which Lambda lays them over each other.")
            @ReadFrom("layers.arn")
            @EmptyIsNone
            List<String> layers,

            @Doc("The processor architecture, exactly one; the default is x86_64. A change updates the code.")
            Set<Architecture> architectures,

            @Doc("The size of /tmp.") FunctionStorage ephemeralStorage,

            @Doc("Whether published versions start from a snapshot.")
            FunctionSnapStart snapStart,

            @Doc("The format, levels and log group of the log.")
            FunctionLogging loggingConfig,

            @Doc("The number of concurrent invocations that Lambda reserves and never exceeds; -1: no reservation.")
            @Range(min = -1, max = Integer.MAX_VALUE)
            Integer reservedConcurrentExecutions,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            if (packageType == null && code != null) {
                packageType = code.imageUri() == null ? PackageType.ZIP : PackageType.IMAGE;
            }
        }
    }

    public record FunctionImage(
            @Doc("The program that is started, as a list of words.") @EmptyIsNone
            List<String> entryPoint,

            @Doc("The arguments of the program.") @EmptyIsNone
            List<String> command,

            @Doc("The directory in which the program starts.") @EmptyIsNone
            String workingDirectory) {
        public FunctionImage {
            entryPoint = Objects.requireNonNullElse(entryPoint, List.of());
            command = Objects.requireNonNullElse(command, List.of());
        }
    }

    public record FunctionVpc(
            @Doc("The subnets.") @Ref("Subnet") Set<String> subnetIds,

            @Doc("The security groups.") @Ref("SecurityGroup")
            Set<String> securityGroupIds,

            @Doc("Whether the function may reach IPv6 addresses from dual-stack subnets.")
            Boolean ipv6AllowedForDualStack) {
        public FunctionVpc {
            subnetIds = Objects.requireNonNullElse(subnetIds, Set.of());
            securityGroupIds = Objects.requireNonNullElse(securityGroupIds, Set.of());
        }
    }

    public record FunctionEnvironment(
            @Doc("The variables by name. Put no secrets here: each principal that may list functions can read them.")
            @Environment
            Map<String, String> variables) {
        public FunctionEnvironment {
            variables = Objects.requireNonNullElse(variables, Map.of());
        }
    }

    public record DeadLetter(
            @Doc("The ARN of a queue or a topic; empty: no destination.") @Ref(value = "Topic", output = "arn")
            String targetArn) {
        public DeadLetter {
            targetArn = Objects.requireNonNullElse(targetArn, "");
        }
    }

    public record FunctionTracing(
            @Doc("The mode: Active, or PassThrough, which traces only if the caller is traced.") @Required
            TracingMode mode) {}

    public record FunctionStorage(
            @Doc("The size in MiB.") @Required @Range(min = 512, max = 10240)
            Integer size) {}

    public record FunctionSnapStart(
            @Doc("The versions that start from a snapshot: PublishedVersions or None.") @Required
            SnapStartApplyOn applyOn) {}

    public record FunctionLogging(
            @Doc("The format of the log: JSON or Text.") LogFormat logFormat,

            @Doc("The lowest level of the function's own lines in the log.")
            @OnlyWith(field = "logFormat", value = "JSON")
            ApplicationLogLevel applicationLogLevel,

            @Doc("The lowest level of Lambda's lines in the log.") @OnlyWith(field = "logFormat", value = "JSON")
            SystemLogLevel systemLogLevel,

            @Doc("The log group; the default is /aws/lambda/ and the function's name.")
            @Ref(value = "LogGroup", output = "name")
            String logGroup) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Function", Spec.class, LambdaClient.class)
                .description("A function of Lambda, whose code is an image, a zip file in S3, or a few inline files.")
                .lists(
                        lambda -> lambda.listFunctionsPaginator(r -> r.maxItems(50))
                                .functions(),
                        READ)
                .named(FunctionConfiguration::functionName)
                .arn(FunctionConfiguration::functionArn)
                .tags(TAGGING)
                .detail(FunctionKind::detail)
                .createsNamed(
                        CreateFunctionRequest::builder,
                        (request, desired) -> request.code(
                                Objects.requireNonNull(desired.spec().code()).created()),
                        LambdaClient::createFunction)
                .patches(
                        UpdateFunctionConfigurationRequest::builder,
                        READ,
                        (request, change) -> withoutLevelsOfText(request),
                        LambdaClient::updateFunctionConfiguration)
                .updates(FunctionPackage::update, Spec::code, Spec::architectures)
                .updates(FunctionKind::reserve, Spec::reservedConcurrentExecutions)
                .deletes((lambda, name) -> lambda.deleteFunction(r -> r.functionName(name)))
                .state((known, function) -> state(known))
                .supports(FunctionConfiguration::runtimeAsString, (lambda, function) -> RuntimeSupport.end(function))
                .output("arn", "Its ARN.", FunctionConfiguration::functionArn)
                .output(
                        "name",
                        "Its name, and the dimension FunctionName of its metrics.",
                        FunctionConfiguration::functionName)
                .output(STATE, "The state: Active, Inactive, Pending, InProgress, or Failed with the reason.")
                // Lambda lists policies only by function, and each unexpected statement lets a principal invoke it.
                .strays(
                        "FunctionPermission",
                        (scope, lambda, functions) -> Listings.each(
                                scope,
                                functions,
                                FunctionConfiguration::functionName,
                                name -> FunctionPermissionKind.ids(lambda, name)))
                .leavesOut("Publish, PublishTo", "Holdfast does not manage versions and aliases; the latest code runs")
                .leavesOut("FileSystemConfigs", "Holdfast does not manage EFS file systems yet")
                .leavesOut("CodeSigningConfigArn", "signed code is not offered yet")
                .leavesOut("CapacityProviderConfig", "functions on the account's own instances are not offered")
                .leavesOut("DurableConfig", "durable functions are not offered yet")
                .leavesOut("TenancyConfig", "isolation by tenant is not offered yet")
                .fault("ResourceConflictException", "already exist", EXISTS)
                .fault("ResourceConflictException", CONFLICT)
                .fault("InvalidParameterValueException", "cannot be assumed", DEPENDENCY)
                .fault("InvalidParameterValueException", "does not have permissions to call", DEPENDENCY)
                .fault("CodeStorageExceededException", QUOTA)
                .permissions(Permissions.on("lambda:{region}:{account}:function:{name}")
                        .passesRoles("lambda.amazonaws.com", "role")
                        // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
                        .reads("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"))
                .page("https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html");
    }

    /**
     * The list does not show the state of a function, the origin of its code, and its reserved concurrency. GetFunction
     * shows them for one function. So functions are read in turn, and in every pass while a creation or an update is
     * under way.
     */
    private static Map<String, Object> detail(Scope<Spec> scope, LambdaClient lambda, FunctionConfiguration listed) {
        FunctionSecrets.requireEnvironment(scope, listed);
        List<GetFunctionResponse> now = new ArrayList<>();
        Supplier<GetFunctionResponse> read = () -> {
            now.add(lambda.getFunction(r -> r.functionName(listed.functionName())));
            return now.getFirst();
        };
        GetFunctionResponse whole = scope.slow(listed.functionName(), STATE, read);
        String state = word(whole.configuration());
        if (now.isEmpty() && (state.equals("Pending") || state.equals("InProgress"))) {
            whole = read.get();
            state = word(whole.configuration());
        }
        Map<String, Object> values = new HashMap<>();
        values.put(STATE, state);
        values.put("code", FunctionPackage.of(listed, whole.code()));
        values.put(
                "reservedConcurrentExecutions",
                whole.concurrency() == null ? -1 : whole.concurrency().reservedConcurrentExecutions());
        return values;
    }

    private static String word(FunctionConfiguration function) {
        if (function.state() == State.FAILED) {
            return "Failed: " + function.stateReason();
        }
        if (function.state() == State.ACTIVE && function.lastUpdateStatus() == LastUpdateStatus.FAILED) {
            return "Failed: " + function.lastUpdateStatusReason();
        }
        return function.lastUpdateStatus() == LastUpdateStatus.IN_PROGRESS && function.state() == State.ACTIVE
                ? "InProgress"
                : function.stateAsString();
    }

    private static Observation.Known<Spec> state(Observation.Known<Spec> known) {
        String state = String.valueOf(known.outputs().get(STATE));
        return switch (state) {
            case "Active" -> known;
            // A function that was not called for weeks; the next call activates it.
            case "Inactive" ->
                known.health(new Health(Health.Ready.True, "Inactive", "the function was not called for a long time"));
            case "Pending" -> known.phase(Phase.Creating).health(Health.notReady(state, null));
            // The former code keeps running during an update.
            case "InProgress" -> known.phase(Phase.Updating);
            default -> known.health(Health.notReady("Failed", state));
        };
    }

    /** Removes the levels that the merge keeps from a former log in JSON: a log in text has no levels. */
    private static void withoutLevelsOfText(UpdateFunctionConfigurationRequest.Builder request) {
        LoggingConfig logging = request.build().loggingConfig();
        if (logging != null && logging.logFormat() == LogFormat.TEXT) {
            request.loggingConfig(logging.toBuilder()
                    .applicationLogLevel((String) null)
                    .systemLogLevel((String) null)
                    .build());
        }
    }

    private static void reserve(LambdaClient lambda, Change<Spec> change) {
        int reserved = Objects.requireNonNull(change.spec().reservedConcurrentExecutions());
        if (reserved < 0) {
            lambda.deleteFunctionConcurrency(r -> r.functionName(change.physicalId()));
        } else {
            lambda.putFunctionConcurrency(
                    r -> r.functionName(change.physicalId()).reservedConcurrentExecutions(reserved));
        }
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean image = spec.packageType() == PackageType.IMAGE;
        if (spec.code() != null && image == (spec.code().imageUri() == null)) {
            findings.wrong(Spec::packageType, "packageType does not match the code", "remove packageType");
        }
        if (image && (spec.runtime() != null || spec.handler() != null)) {
            findings.wrong(Spec::runtime, "an image brings its own runtime and handler", "remove runtime and handler");
        }
        if (!image && spec.code() != null && (spec.runtime() == null || !findings.declares(Spec::handler))) {
            findings.wrong(Spec::runtime, "code in a zip file needs runtime and handler", "set runtime and handler");
        }
        if (image && spec.layers() != null && !spec.layers().isEmpty()) {
            findings.wrong(Spec::layers, "an image has no layers", "remove layers, and build them into the image");
        }
        if (!image && spec.imageConfig() != null && !Wire.isEmpty(spec.imageConfig())) {
            findings.wrong(Spec::imageConfig, "only images have an imageConfig", "remove imageConfig");
        }
        if (spec.architectures() != null && spec.architectures().size() != 1) {
            findings.wrong(Spec::architectures, "expected one architecture", "set architectures to x86_64 or arm64");
        }
        if (FunctionSecrets.dropsKey(spec)) {
            findings.wrong(
                    Spec::kmsKeyArn,
                    "Lambda does not keep the key of a function that has nothing to encrypt with it",
                    "declare environment.variables, or remove kmsKeyArn");
        }
        FunctionVpc vpc = spec.vpcConfig();
        if (vpc != null && isNone(vpc.subnetIds()) != isNone(vpc.securityGroupIds())) {
            findings.wrong(
                    Spec::vpcConfig,
                    "vpcConfig needs subnets and security groups, or neither",
                    "set both subnetIds and securityGroupIds, or remove both");
        }
    }

    private static boolean isNone(@Nullable Collection<String> ids) {
        return ids == null || ids.isEmpty();
    }
}
