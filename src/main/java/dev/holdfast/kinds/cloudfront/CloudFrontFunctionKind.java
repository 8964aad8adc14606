package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateFunctionRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateFunctionResponse;
import software.amazon.awssdk.services.cloudfront.model.FunctionList;
import software.amazon.awssdk.services.cloudfront.model.FunctionRuntime;
import software.amazon.awssdk.services.cloudfront.model.FunctionStage;
import software.amazon.awssdk.services.cloudfront.model.FunctionSummary;
import software.amazon.awssdk.services.cloudfront.model.NoSuchFunctionExistsException;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.UpdateFunctionRequest;

/**
 * A function of CloudFront. It has two stages: every change is made to DEVELOPMENT and then published to LIVE, which alone
 * behaviors run. What is compared is LIVE. What somebody has in DEVELOPMENT and has not published is reported by the output
 * {@code stage} and runs nowhere; the next change from the documents takes its place.
 */
@Singleton
public final class CloudFrontFunctionKind extends DeclaredKind<CloudFrontFunctionKind.Spec> {
    private static final String STAGE = "stage";
    private static final List<FunctionStage> STAGES = List.of(FunctionStage.DEVELOPMENT, FunctionStage.LIVE);

    /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions */
    private static final int LARGEST_CODE = 10 * 1024;

    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html">CreateFunction</a> */
    public record Spec(
            @Doc("Its name, unique in the account.") @PhysicalName(max = 64, also = "_")
            String name,

            @Doc("Runtime, purpose and data of the function.") @Required
            FunctionSettings functionConfig,

            @Doc("The code, in JavaScript: at most 10 KiB.") @Required
            String functionCode,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    public record FunctionSettings(
            @Doc("What it is for; empty if it is not said.") String comment,

            @Doc("The version of the runtime.") @Required FunctionRuntime runtime,

            @Doc("The key value store that the code reads: AWS takes one.") @Key("keyValueStoreARN")
            List<FunctionStore> keyValueStoreAssociations) {
        public FunctionSettings {
            comment = Objects.requireNonNullElse(comment, "");
            keyValueStoreAssociations = Objects.requireNonNullElse(keyValueStoreAssociations, List.of());
        }
    }

    public record FunctionStore(
            @Doc("The ARN of the key value store.") @Required
            String keyValueStoreARN) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "CloudFrontFunction",
                        Spec.class,
                        CloudFrontClient.class,
                        TAG,
                        "A function of CloudFront, which changes requests and responses at the edge.")
                .finds(CloudFrontFunctionKind::functions)
                .named(CloudFrontFunctionKind::name)
                .arn(CloudFrontFunctionKind::arn)
                .tags(CloudFrontTags.of("function"))
                .detail(CloudFrontFunctionKind::detail)
                .creates(CloudFrontFunctionKind::create)
                .rewrites(UpdateFunctionRequest.builder(), CloudFrontFunctionKind::update)
                .deletes(CloudFrontFunctionKind::delete)
                .state((known, stages) -> live(stages) != null
                        ? known
                        : known.health(Health.notReady("Unpublished", "no version of it was published yet")))
                .output("arn", "Its ARN, by which behaviors name it.", CloudFrontFunctionKind::arn)
                .output("name", "Its name.", CloudFrontFunctionKind::name)
                .output(
                        STAGE,
                        "LIVE; DEVELOPMENT: nothing of it was published yet; DRAFT: it is LIVE, and what somebody has in"
                                + " DEVELOPMENT differs.")
                .info(KindInfo.Builder::global)
                .fault("FunctionInUse", DEPENDENCY)
                .fault("EntityNotFound", DEPENDENCY)
                .fault("TooManyFunctions", QUOTA)
                .permissions(Permissions.on("cloudfront::{account}:function/{name}")
                        .byNameAlone()
                        .tags("cloudfront:TagResource", "cloudfront:UntagResource"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html");
    }

    /** Each function with both of its stages, DEVELOPMENT first. The lists are read by stage: AWS does not say what a list of all is. */
    private static Collection<FunctionList> functions(Scope<?> scope, CloudFrontClient cloudFront) {
        Map<String, List<FunctionSummary>> stages = new LinkedHashMap<>();
        if (scope.confirming()) {
            for (FunctionStage stage : STAGES) {
                Listings.idsElseNames(scope)
                        .forEach(name -> Absent.when(NoSuchFunctionExistsException.class)
                                .<List<FunctionSummary>>or(
                                        List.of(),
                                        () -> List.of(cloudFront
                                                .describeFunction(
                                                        r -> r.name(name).stage(stage))
                                                .functionSummary()))
                                .forEach(found -> add(stages, found)));
            }
        } else {
            scope.parallel(
                            STAGES,
                            stage -> Listings.pages(
                                    marker -> cloudFront
                                            .listFunctions(r -> r.stage(stage).marker(marker))
                                            .functionList(),
                                    FunctionList::items,
                                    FunctionList::nextMarker))
                    .forEach(list -> list.forEach(found -> add(stages, found)));
        }
        return stages.values().stream()
                .map(both -> FunctionList.builder().items(both).build())
                .toList();
    }

    private static void add(Map<String, List<FunctionSummary>> stages, FunctionSummary found) {
        stages.computeIfAbsent(found.name(), name -> new ArrayList<>()).add(found);
    }

    private static String name(FunctionList stages) {
        return stages.items().getFirst().name();
    }

    private static String arn(FunctionList stages) {
        return stages.items().getFirst().functionMetadata().functionARN();
    }

    private static @Nullable FunctionSummary live(FunctionList stages) {
        FunctionSummary last = stages.items().getLast();
        return last.functionMetadata().stage() == FunctionStage.LIVE ? last : null;
    }

    /** What is LIVE; of a function that was never published, nothing is there to be compared. */
    private static Map<String, Object> detail(Scope<Spec> scope, CloudFrontClient cloudFront, FunctionList stages) {
        FunctionSummary live = live(stages);
        Map<String, Object> values = new HashMap<>();
        values.put(STAGE, FunctionStage.DEVELOPMENT.toString());
        if (live != null) {
            FunctionSummary development = stages.items().getFirst();
            String code = code(scope, cloudFront, live);
            boolean published = development.functionConfig().equals(live.functionConfig())
                    && code.equals(code(scope, cloudFront, development));
            values.put(STAGE, published ? FunctionStage.LIVE.toString() : "DRAFT");
            values.put("functionConfig", Wire.read(FunctionSettings.class, live.functionConfig()));
            values.put("functionCode", code);
        }
        return values;
    }

    /** The code of a stage stays what it is until the stage is modified. */
    private static String code(Scope<Spec> scope, CloudFrontClient cloudFront, FunctionSummary one) {
        FunctionStage stage = one.functionMetadata().stage();
        Instant modified = one.functionMetadata().lastModifiedTime();
        return scope.forever(
                one.name(),
                modified == null ? null : stage + " " + modified,
                () -> cloudFront
                        .getFunction(r -> r.name(one.name()).stage(stage))
                        .functionCode()
                        .asUtf8String());
    }

    private static String create(
            CloudFrontClient cloudFront, Desired<Spec> desired, String token, Tagging<CloudFrontClient> tagging) {
        CreateFunctionResponse made =
                cloudFront.createFunction(Wire.fill(CreateFunctionRequest.builder(), desired.spec())
                        .tags(t -> t.items(SdkShapes.pairs(desired.spec().tags(), Tag::builder)))
                        .build());
        String name = made.functionSummary().name();
        cloudFront.publishFunction(r -> r.name(name).ifMatch(made.eTag()));
        return name;
    }

    /** What somebody left in DEVELOPMENT is not published with it: code and configuration are sent whole. */
    private static void update(CloudFrontClient cloudFront, Change<Spec> change) {
        String name = change.physicalId();
        String etag = cloudFront
                .describeFunction(r -> r.name(name).stage(FunctionStage.DEVELOPMENT))
                .eTag();
        String written = cloudFront
                .updateFunction(Wire.fill(UpdateFunctionRequest.builder(), change.spec())
                        .name(name)
                        .ifMatch(etag)
                        .build())
                .eTag();
        cloudFront.publishFunction(r -> r.name(name).ifMatch(written));
    }

    private static void delete(CloudFrontClient cloudFront, String name) {
        String etag = cloudFront
                .describeFunction(r -> r.name(name).stage(FunctionStage.DEVELOPMENT))
                .eTag();
        cloudFront.deleteFunction(r -> r.name(name).ifMatch(etag));
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        String code = spec.functionCode();
        if (code != null && !Unresolved.is(code) && code.getBytes(StandardCharsets.UTF_8).length > LARGEST_CODE) {
            findings.wrong(
                    Spec::functionCode,
                    "expected at most 10 KiB of code",
                    "shorten it, or use a Function of Lambda@Edge");
        }
        FunctionSettings settings = spec.functionConfig();
        List<FunctionStore> stores = settings == null ? null : settings.keyValueStoreAssociations();
        if (settings != null
                && stores != null
                && !stores.isEmpty()
                && settings.runtime() == FunctionRuntime.CLOUDFRONT_JS_1_0) {
            findings.wrong(Spec::functionConfig, "cloudfront-js-1.0 reads no key value store", "use cloudfront-js-2.0");
        }
    }
}
