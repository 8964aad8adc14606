package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The account's own policies of one type. Lists omit the policies that AWS manages; distributions may name those too.
 *
 * @param <C> the configuration of a policy
 */
final class CustomPolicies<
        T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>, C extends SdkPojo> {
    /** The quota of each type. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
    private static final int MOST = 20;

    private final CloudFrontState state;
    private final ManagedPolicies type;
    private final ResourceStore<T, B> store;
    private final BiFunction<String, C, T> policy;

    /** @param policy creates a policy from its id and its configuration */
    CustomPolicies(
            CloudFrontState state,
            ManagedPolicies type,
            Supplier<B> builder,
            Function<T, String> id,
            BiFunction<String, C, T> policy) {
        this.state = state;
        this.type = type;
        this.policy = policy;
        this.store = state.context
                .store(builder, id)
                .type("cloudfront:" + type.path())
                .arn(one -> state.arn(type.path() + "/" + id.apply(one)))
                .shows((stored, shown) ->
                        CloudFrontState.set(shown, "lastModifiedTime", CloudFrontState.changedAt(stored)))
                .missing(missed -> type.missing());
    }

    ResourceStore<T, B> store() {
        return store;
    }

    private void check(C config, @Nullable String own) {
        Object name = SdkShapes.get(config, "name");
        if (store.ids().stream()
                .filter(id -> !id.equals(own))
                .anyMatch(id -> Objects.equals(name, SdkShapes.find(store.need(id), "name")))) {
            throw error(
                    409,
                    type.code + "AlreadyExists",
                    "A " + type.words + " with this name already exists in this account.");
        }
        Object comment = SdkShapes.get(config, "comment");
        if (comment != null && comment.toString().length() > 128) {
            throw CloudFrontState.invalid("The parameter Comment is longer than 128 characters.");
        }
        CloudFrontState.counted(config);
    }

    /** @param response a builder with the location, the policy and its version as members */
    <R extends SdkPojo & SdkBuilder<R, A>, A> A create(C config, R response) {
        check(config, null);
        if (store.all().size() >= state.context.settings().quota(MOST)) {
            throw refused(
                    "TooMany" + type.code.replaceFirst("y$", "ies"),
                    "You have reached the maximum number of policies for this account.");
        }
        String id = state.context.uuid();
        store.add(policy.apply(id, config), Map.of());
        state.renew(store.stored(id));
        return CloudFrontState.created(type.path() + "/" + id, response, store, id);
    }

    /** @param response a builder with the policy or its configuration, and the version, as members */
    <R extends SdkPojo & SdkBuilder<R, A>, A> A get(String id, R response) {
        return CloudFrontState.read(response, store, id);
    }

    <R extends SdkPojo & SdkBuilder<R, A>, A> A update(String id, @Nullable String ifMatch, C config, R response) {
        StoredResource<T> stored = CloudFrontState.match(store.stored(id), ifMatch);
        check(config, id);
        store.put(policy.apply(id, config));
        state.renew(stored);
        return CloudFrontState.answer(response, store, id);
    }

    void delete(String id, @Nullable String ifMatch) {
        CloudFrontState.match(store.stored(id), ifMatch);
        if (state.uses(type, id)) {
            throw error(
                    409,
                    type.code + "InUse",
                    "The " + type.words + " cannot be deleted because it is attached to one or more cache behaviors.");
        }
        store.delete(id);
    }

    /** @param summary creates an element of the list, with the type and the policy as members */
    <L extends SdkPojo & CopyableBuilder<L, P>, P extends SdkPojo & ToCopyableBuilder<L, P>> P page(
            SdkPojo request, L list, Supplier<? extends SdkBuilder<?, ? extends SdkPojo>> summary) {
        boolean managed = "managed".equals(SdkShapes.get(request, "type"));
        return state.page(request, list, (managed ? Stream.<T>of() : store.visible()).map(one -> {
                    SdkPojo made = (SdkPojo) summary.get();
                    CloudFrontState.set(made, "type", "custom");
                    CloudFrontState.set(made, type.code, one);
                    return ((SdkBuilder<?, ? extends SdkPojo>) made).build();
                }));
    }
}
