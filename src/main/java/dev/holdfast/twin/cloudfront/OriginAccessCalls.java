package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.StoredResource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.*;

/** Origin access controls. They have no tags, and their names are unique in an account. */
interface OriginAccessCalls extends CloudFrontClient {
    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html">quotas</a> */
    int MOST_CONTROLS = 100;

    CloudFrontState state();

    private void check(OriginAccessControlConfig config, @Nullable String own) {
        if (config.name().isEmpty() || config.name().length() > 64) {
            throw CloudFrontState.invalid("The parameter Name is not valid.");
        }
        if (state().originAccessControls.stream()
                .anyMatch(other -> !other.id().equals(own)
                        && other.originAccessControlConfig().name().equals(config.name()))) {
            throw conflict(
                    "OriginAccessControlAlreadyExists", "An origin access control with the same name already exists.");
        }
    }

    @Override
    default CreateOriginAccessControlResponse createOriginAccessControl(CreateOriginAccessControlRequest r) {
        CloudFrontState s = state();
        check(r.originAccessControlConfig(), null);
        if (s.originAccessControls.all().size() >= MOST_CONTROLS) {
            throw refused(
                    "TooManyOriginAccessControls",
                    "You have reached the maximum number of origin access controls allowed for this account.");
        }
        String id = s.newId();
        s.originAccessControls.add(
                OriginAccessControl.builder()
                        .id(id)
                        .originAccessControlConfig(described(r.originAccessControlConfig()))
                        .build(),
                Map.of());
        s.renew(s.originAccessControls.stored(id));
        return CloudFrontState.created(
                "origin-access-control/" + id, CreateOriginAccessControlResponse.builder(), s.originAccessControls, id);
    }

    private static OriginAccessControlConfig described(OriginAccessControlConfig config) {
        return config.toBuilder()
                .description(Objects.requireNonNullElse(config.description(), ""))
                .build();
    }

    @Override
    default GetOriginAccessControlResponse getOriginAccessControl(GetOriginAccessControlRequest r) {
        return CloudFrontState.read(GetOriginAccessControlResponse.builder(), state().originAccessControls, r.id());
    }

    @Override
    default GetOriginAccessControlConfigResponse getOriginAccessControlConfig(GetOriginAccessControlConfigRequest r) {
        return CloudFrontState.read(
                GetOriginAccessControlConfigResponse.builder(), state().originAccessControls, r.id());
    }

    @Override
    default UpdateOriginAccessControlResponse updateOriginAccessControl(UpdateOriginAccessControlRequest r) {
        CloudFrontState s = state();
        StoredResource<OriginAccessControl> stored =
                CloudFrontState.match(s.originAccessControls.stored(r.id()), r.ifMatch());
        check(r.originAccessControlConfig(), r.id());
        s.originAccessControls.change(
                r.id(), c -> c.originAccessControlConfig(described(r.originAccessControlConfig())));
        s.renew(stored);
        return CloudFrontState.answer(UpdateOriginAccessControlResponse.builder(), s.originAccessControls, r.id());
    }

    @Override
    default DeleteOriginAccessControlResponse deleteOriginAccessControl(DeleteOriginAccessControlRequest r) {
        CloudFrontState s = state();
        CloudFrontState.match(s.originAccessControls.stored(r.id()), r.ifMatch());
        if (s.configurations()
                .flatMap(config -> config.origins().items().stream())
                .anyMatch(origin -> r.id().equals(origin.originAccessControlId()))) {
            throw conflict(
                    "OriginAccessControlInUse",
                    "Cannot delete the origin access control because it's in use by one or more distributions.");
        }
        s.originAccessControls.delete(r.id());
        return DeleteOriginAccessControlResponse.builder().build();
    }

    @Override
    default ListOriginAccessControlsResponse listOriginAccessControls(ListOriginAccessControlsRequest r) {
        CloudFrontState s = state();
        return ListOriginAccessControlsResponse.builder()
                .originAccessControlList(s.page(
                        r,
                        OriginAccessControlList.builder(),
                        s.originAccessControls
                                .visible()
                                .map(c -> SdkShapes.copy(
                                                c.originAccessControlConfig(), OriginAccessControlSummary.builder())
                                        .id(c.id())
                                        .build())))
                .build();
    }
}
