package dev.holdfast.kinds.cloudfront;

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
 * A CloudFront function. It has two stages: every change is written to DEVELOPMENT and then published to LIVE.
 * Behaviors run only LIVE, so that only LIVE is compared. The output {@code stage} reports unpublished code in
 * DEVELOPMENT; the next change from the documents replaces it.
 */
@Singleton
public final class CloudFrontFunctionKind extends DeclaredKind<CloudFrontFunctionKind.Spec> {
    private static final String STAGE = "stage";
    private static final List<FunctionStage> STAGES = List.of(FunctionStage.DEVELOPMENT, FunctionStage.LIVE);

    /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions */
    private static final int LARGEST_CODE = 10 * 1024;

    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html">CreateFunction</a> */
    public record Spec(
            @Doc("The name of the function, unique in the account.") @PhysicalName(max = 64, also = "_")
            String name,

            @Doc("The runtime, the purpose and the key value store of the function.") @Required
            FunctionSettings functionConfig,

            @Doc("The JavaScript code of the function, at most 10 KiB.") @Required
            String functionCode,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    public record FunctionSettings(
            @Doc("The purpose of the function; empty by default.")
            String comment,

            @Doc("The runtime: cloudfront-js-1.0 or cloudfront-js-2.0.") @Required
            FunctionRuntime runtime,

            @Doc("The key value store that the code reads; AWS accepts one.") @Key("keyValueStoreARN")
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
        return Recipe.of("CloudFrontFunction", Spec.class, CloudFrontClient.class)
                .description("A CloudFront function, which changes requests and responses at the edge locations.")
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
                        : known.health(Health.notReady("Unpublished", "the function was never published")))
                .output("arn", "The ARN of the function, which behaviors refer to.", CloudFrontFunctionKind::arn)
                .output("name", "The name of the function.", CloudFrontFunctionKind::name)
                .output(
                        STAGE,
                        "LIVE; DEVELOPMENT: the function was never published; DRAFT: a version is LIVE, and"
                                + " DEVELOPMENT contains unpublished changes.")
                .info(KindInfo.Builder::global)
                .fault("FunctionInUse", DEPENDENCY)
                .fault("EntityNotFound", DEPENDENCY)
                .fault("TooManyFunctions", QUOTA)
                .permissions(Permissions.on("cloudfront::{account}:function/{name}")
                        .byNameAlone()
                        .tags("cloudfront:TagResource", "cloudfront:UntagResource"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html");
    }

    /**
     * Each function with both of its stages, DEVELOPMENT first. The lists are read by stage, because AWS does not
     * document the result without a stage.
     */
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

    /** The values of LIVE. A function that was never published has no values to compare. */
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

    /** The code of a stage does not change until the stage is modified. */
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

    /** Sends the whole code and configuration, so that unpublished changes in DEVELOPMENT are not published too. */
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
                    "shorten functionCode, or use a Lambda@Edge function");
        }
        FunctionSettings settings = spec.functionConfig();
        List<FunctionStore> stores = settings == null ? null : settings.keyValueStoreAssociations();
        if (settings != null
                && stores != null
                && !stores.isEmpty()
                && settings.runtime() == FunctionRuntime.CLOUDFRONT_JS_1_0) {
            findings.wrong(
                    Spec::functionConfig,
                    "cloudfront-js-1.0 does not support key value stores",
                    "set runtime to cloudfront-js-2.0");
        }
    }
}
