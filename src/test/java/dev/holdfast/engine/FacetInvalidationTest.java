package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.ResourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The settings of a bucket that are read again after a change; each setting takes a request of its own. */
class FacetInvalidationTest {
    private static final ResourceId MEDIA = ResourceId.parse("Bucket/media");

    private final SlowFacets facets = new SlowFacets();
    private final FacetInvalidation invalidation = new FacetInvalidation(facets);
    private final ManagedResource<?> media = managed(TestKinds.all().get("Bucket"));

    private static <S extends Record> ManagedResource<S> managed(Kind<S> kind) {
        ResourceRecord record =
                ResourceRecord.of(MEDIA, Lifecycle.OnDelete.Retain).found("media");
        return new ManagedResource<>(
                MEDIA, kind, "eu-west-2", null, null, null, null, false, PinnedImages.NONE, record, null);
    }

    /** @return the facets that were read again */
    private List<String> read() {
        List<String> read = new ArrayList<>();
        for (String facet : List.of("versioning", "policy", "tags.arn", "owner")) {
            facets.read("media", facet, Instant.EPOCH, () -> read.add(facet));
        }
        return read;
    }

    @BeforeEach
    void allIsKnown() {
        read();
        assertThat(read()).isEmpty();
    }

    @Test
    void aCallOfSomebodySparesWhatItCannotHaveChanged() {
        invalidation.changed(media, Optional.of(Set.of("versioning")));

        // No field has the name owner, so that the call may have changed the facet.
        assertThat(read()).containsExactly("versioning", "owner");
    }

    @Test
    void aCallOfAnUnknownNameSparesNothing() {
        invalidation.changed(media, Optional.empty());

        assertThat(read()).hasSize(4);
    }

    @Test
    void theFirstLookAfterOurWriteSparesWhatItDidNotWriteAndTheSecondNothing() {
        invalidation.wrote(media, "media", Optional.of(Set.of("policy")));
        invalidation.look(media);
        assertThat(read()).containsExactly("policy", "owner");

        invalidation.look(media);

        assertThat(read()).hasSize(4);
    }

    @Test
    void whatSomebodyChangesDuringOurWriteIsRead() {
        invalidation.changedMeanwhile(Set.of(MEDIA));
        invalidation.wrote(media, "media", Optional.of(Set.of("policy")));
        invalidation.look(media);

        assertThat(read()).hasSize(4);
    }

    @Test
    void aFullPassSparesWhatIsThereAndComplete() {
        invalidation.pass(media, true);
        assertThat(read()).as("the read was not complete").hasSize(4);

        invalidation.pass(media, false);
        assertThat(read()).as("the bucket was not found").hasSize(4);
    }
}
