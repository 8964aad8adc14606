package dev.holdfast.twin.ecr;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

class TwinEcrTest {
    private final TwinEcr ecr = new TwinAccount(
                    "123456789012", new DrivenClock(Instant.parse("2026-01-01T00:00:00Z")), new TwinSettings(), 1)
            .service("eu-west-2", TwinEcr.class);

    @BeforeEach
    void aRepository() {
        ecr.createRepository(r -> r.repositoryName("a/api"));
    }

    private String push(String tag, String manifest) {
        return ecr.putImage(r -> r.repositoryName("a/api").imageTag(tag).imageManifest(manifest))
                .image()
                .imageId()
                .imageDigest();
    }

    private String digestOf(String tag) {
        return ecr.describeImages(r -> r.repositoryName("a/api").imageIds(i -> i.imageTag(tag)))
                .imageDetails()
                .getFirst()
                .imageDigest();
    }

    @Test
    void aTagMovesAndTheOldImageStaysByItsDigest() {
        String first = push("1", "{\"a\":1}");
        String second = push("1", "{\"a\":2}");

        assertThat(digestOf("1")).isEqualTo(second).startsWith("sha256:").hasSize(71);
        assertThat(ecr.describeImages(r -> r.repositoryName("a/api").imageIds(i -> i.imageDigest(first)))
                        .imageDetails()
                        .getFirst()
                        .imageTags())
                .isEmpty();
        refused(400, "ImageAlreadyExistsException", () -> push("1", "{\"a\":2}"));
    }

    @Test
    void anImmutableTagStays() {
        ecr.putImageTagMutability(r -> r.repositoryName("a/api")
                .imageTagMutability(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION)
                .imageTagMutabilityExclusionFilters(f -> f.filter("dev-*").filterType("WILDCARD")));
        push("1", "{\"a\":1}");
        push("dev-1", "{\"a\":1}");

        refused(400, "ImageTagAlreadyExistsException", () -> push("1", "{\"a\":2}"));
        push("dev-1", "{\"a\":2}");
    }

    @Test
    void describeRefusesTheWholeRequestForOneMissingImageAndGetDoesNot() {
        push("1", "{\"a\":1}");

        refused(
                400,
                "ImageNotFoundException",
                () -> ecr.describeImages(
                        r -> r.repositoryName("a/api").imageIds(i -> i.imageTag("1"), i -> i.imageTag("2"))));
        var got =
                ecr.batchGetImage(r -> r.repositoryName("a/api").imageIds(i -> i.imageTag("1"), i -> i.imageTag("2")));
        assertThat(got.images()).hasSize(1);
        assertThat(got.failures()).hasSize(1).first().satisfies(f -> {
            assertThat(f.failureCode()).isEqualTo(ImageFailureCode.IMAGE_NOT_FOUND);
            assertThat(f.imageId().imageTag()).isEqualTo("2");
        });
    }

    @Test
    void refusesWhatEcrRefuses() {
        refused(400, "RepositoryAlreadyExistsException", () -> ecr.createRepository(r -> r.repositoryName("a/api")));
        refused(400, "InvalidParameterException", () -> ecr.createRepository(r -> r.repositoryName("A")));
        refused(
                400,
                "RepositoryNotFoundException",
                () -> ecr.describeRepositories(r -> r.repositoryNames("a/api", "b")));
        refused(
                400,
                "RepositoryPolicyNotFoundException",
                () -> ecr.getRepositoryPolicy(r -> r.repositoryName("a/api")));
        refused(400, "LifecyclePolicyNotFoundException", () -> ecr.getLifecyclePolicy(r -> r.repositoryName("a/api")));
        refused(
                400,
                "InvalidParameterException",
                () -> ecr.putLifecyclePolicy(r -> r.repositoryName("a/api").lifecyclePolicyText("{}")));
        push("1", "{}");
        refused(400, "RepositoryNotEmptyException", () -> ecr.deleteRepository(r -> r.repositoryName("a/api")));
        ecr.deleteRepository(r -> r.repositoryName("a/api").force(true));
    }
}
