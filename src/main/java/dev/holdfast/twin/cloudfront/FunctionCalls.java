package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;

/**
 * Functions. A function is written in the stage DEVELOPMENT; its published copy in the stage LIVE runs.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/publish-function.html">publishing</a>
 */
interface FunctionCalls extends CloudFrontClient {
    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions">quotas</a> */
    int MOST_FUNCTIONS = 100;

    int LARGEST_CODE = 10 * 1024;
    String CODE = "code";

    CloudFrontState state();

    private static void check(FunctionConfig config, SdkBytes code) {
        if (code.asByteArray().length > LARGEST_CODE) {
            throw error(413, "FunctionSizeLimitExceeded", "The size of the function exceeds the limit of 10240 bytes.");
        }
        if (!FunctionRuntime.knownValues().contains(config.runtime())) {
            throw CloudFrontState.invalid("The runtime is not supported: " + config.runtimeAsString());
        }
        KeyValueStoreAssociations stores = config.keyValueStoreAssociations();
        if (stores == null) {
            return;
        }
        CloudFrontState.counted(config);
        if (stores.quantity() > 1) {
            throw CloudFrontState.invalid("A function can be associated with one key value store only.");
        }
        stores.items().stream()
                .map(KeyValueStoreAssociation::keyValueStoreARN)
                .filter(arn -> !arn.matches("arn:aws:cloudfront::[0-9]{12}:key-value-store/[0-9a-fA-F-]{36}"))
                .findFirst()
                .ifPresent(arn -> {
                    throw CloudFrontState.invalid("The ARN of the key value store is not valid: " + arn);
                });
        if (stores.quantity() > 0 && config.runtime() != FunctionRuntime.CLOUDFRONT_JS_2_0) {
            throw CloudFrontState.invalid("Key value stores need the runtime cloudfront-js-2.0.");
        }
    }

    @Override
    default CreateFunctionResponse createFunction(CreateFunctionRequest r) {
        CloudFrontState s = state();
        if (!r.name().matches("[a-zA-Z0-9-_]{1,64}")) {
            throw CloudFrontState.invalid("The name of the function is not valid: " + r.name());
        }
        check(r.functionConfig(), r.functionCode());
        if (s.functions.has(r.name())) {
            throw conflict("FunctionAlreadyExists", "A function with the same name already exists in this account.");
        }
        if (s.functions.all().size() >= s.context.settings().quota(MOST_FUNCTIONS)) {
            throw refused("TooManyFunctions", "You have reached the maximum number of functions for this account.");
        }
        FunctionSummary made = s.functions.add(
                FunctionSummary.builder()
                        .name(r.name())
                        .status("UNPUBLISHED")
                        .functionConfig(r.functionConfig())
                        .functionMetadata(m -> m.functionARN(s.arn("function/" + r.name()))
                                .stage(FunctionStage.DEVELOPMENT)
                                .createdTime(s.context.now())
                                .lastModifiedTime(s.context.now()))
                        .build(),
                r.tags() == null ? Map.of() : SdkShapes.map(r.tags().items()));
        StoredResource<FunctionSummary> stored = s.functions.stored(r.name());
        stored.attributes().put(CODE, r.functionCode().asUtf8String());
        s.renew(stored);
        return CloudFrontState.created(
                "function/" + made.functionMetadata().functionARN(),
                CreateFunctionResponse.builder(),
                s.functions,
                r.name());
    }

    @Override
    default UpdateFunctionResponse updateFunction(UpdateFunctionRequest r) {
        CloudFrontState s = state();
        StoredResource<FunctionSummary> stored = CloudFrontState.match(s.functions.stored(r.name()), r.ifMatch());
        check(r.functionConfig(), r.functionCode());
        s.functions.change(
                r.name(),
                f -> f.functionConfig(r.functionConfig())
                        .functionMetadata(stored.shape().functionMetadata().toBuilder()
                                .lastModifiedTime(s.context.now())
                                .build()));
        stored.attributes().put(CODE, r.functionCode().asUtf8String());
        s.renew(stored);
        return CloudFrontState.answer(UpdateFunctionResponse.builder(), s.functions, r.name());
    }

    @Override
    default PublishFunctionResponse publishFunction(PublishFunctionRequest r) {
        CloudFrontState s = state();
        StoredResource<FunctionSummary> stored = CloudFrontState.match(s.functions.stored(r.name()), r.ifMatch());
        FunctionSummary old = s.liveFunctions.get(r.name());
        FunctionMetadata published = stored.shape().functionMetadata().toBuilder()
                .stage(FunctionStage.LIVE)
                .createdTime(
                        old == null ? s.context.now() : old.functionMetadata().createdTime())
                .lastModifiedTime(s.context.now())
                .build();
        StoredResource<FunctionSummary> live = s.liveFunctions.put(stored.shape().toBuilder()
                .status("UNASSOCIATED")
                .functionMetadata(published)
                .build());
        live.attributes().put(CODE, Objects.requireNonNull(stored.attributes().get(CODE)));
        s.renew(live);
        return PublishFunctionResponse.builder().functionSummary(live.shape()).build();
    }

    /** @param stage null means DEVELOPMENT */
    private StoredResource<FunctionSummary> function(String name, @Nullable FunctionStage stage) {
        CloudFrontState s = state();
        ResourceStore<FunctionSummary, ?> store = stage == FunctionStage.LIVE ? s.liveFunctions : s.functions;
        return store.seen(name);
    }

    @Override
    default DescribeFunctionResponse describeFunction(DescribeFunctionRequest r) {
        StoredResource<FunctionSummary> stored = function(r.name(), r.stage());
        return DescribeFunctionResponse.builder()
                .functionSummary(stored.shape())
                .eTag(CloudFrontState.etag(stored))
                .build();
    }

    @Override
    default GetFunctionResponse getFunction(GetFunctionRequest r) {
        StoredResource<FunctionSummary> stored = function(r.name(), r.stage());
        return GetFunctionResponse.builder()
                .functionCode(SdkBytes.fromUtf8String(
                        Objects.requireNonNull(stored.attributes().get(CODE))))
                .eTag(CloudFrontState.etag(stored))
                .contentType("application/octet-stream")
                .build();
    }

    @Override
    default DeleteFunctionResponse deleteFunction(DeleteFunctionRequest r) {
        CloudFrontState s = state();
        StoredResource<FunctionSummary> there = CloudFrontState.match(s.functions.stored(r.name()), r.ifMatch());
        String arn = there.shape().functionMetadata().functionARN();
        if (s.configurations().flatMap(config -> functionsOf(config)).anyMatch(arn::equals)) {
            throw conflict(
                    "FunctionInUse",
                    "Cannot delete the function because it's attached to one or more cache behaviors.");
        }
        s.functions.delete(r.name());
        s.liveFunctions.remove(r.name());
        return DeleteFunctionResponse.builder().build();
    }

    private static Stream<String> functionsOf(DistributionConfig config) {
        return CloudFrontState.behaviors(config).stream()
                .flatMap(one -> DistributionRules.functions(one).stream())
                .map(FunctionAssociation::functionARN);
    }

    /** Without a stage, lists both stages of every function. */
    @Override
    default ListFunctionsResponse listFunctions(ListFunctionsRequest r) {
        CloudFrontState s = state();
        Stream<FunctionSummary> all = Stream.of(s.functions, s.liveFunctions)
                .flatMap(store -> store.visible())
                .filter(f -> r.stage() == null || f.functionMetadata().stage() == r.stage());
        return ListFunctionsResponse.builder()
                .functionList(s.page(r, FunctionList.builder(), all))
                .build();
    }
}
