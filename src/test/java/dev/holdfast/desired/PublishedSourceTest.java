package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.StackSettings.Limits;
import dev.holdfast.model.StackSettings.Mode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PublishedSourceTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);

    private final MemoryStore store = new MemoryStore();
    private final PublishedSource source = new PublishedSource(store, SampleKinds.CATALOG);

    private static Consumer<LoadResult> is(Revision revision, long number) {
        return loaded -> assertThat(loaded).isInstanceOfSatisfying(LoadResult.ValidRevision.class, valid -> {
            assertThat(valid.revision()).isEqualTo(revision);
            assertThat(valid.number()).isEqualTo(number);
        });
    }

    @Test
    void what_is_published_is_read_back_equal() {
        // Given
        Revision revision = revision("10.0.0.0/16");

        // When
        Head head = Publisher.publish(store, revision, "ann", "first", "c0ffee", CLOCK);

        // Then
        assertThat(source.read("dev")).satisfies(is(revision, 1));
        assertThat(source.stacks()).containsExactly("dev");
        assertThat(head)
                .isEqualTo(new Head(
                        revision.sha256(),
                        null,
                        1,
                        "ann",
                        "first",
                        "c0ffee",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        null));
        assertThat(store.objects)
                .containsOnlyKeys("stacks/dev/HEAD.json", "stacks/dev/revisions/" + revision.sha256() + ".json");
    }

    @Test
    void an_unchanged_head_costs_one_read() {
        // Given
        Publisher.publish(store, revision("10.0.0.0/16"), "ann", "first", null, CLOCK);
        LoadResult first = source.read("dev");
        store.reads = 0;

        // When
        LoadResult again = source.read("dev");

        // Then
        assertThat(again).isSameAs(first);
        assertThat(store.reads).isEqualTo(1);
    }

    @Test
    void history_is_walked_back_newest_first_also_over_a_rollback() {
        // Given
        Publisher.publish(store, revision("10.0.0.0/16"), "ann", "first", null, CLOCK);
        Publisher.publish(store, revision("10.1.0.0/16"), "ann", "second", null, CLOCK);
        Publisher.publish(store, revision("10.0.0.0/16"), "bob", "back", null, CLOCK);

        // When
        var heads = source.revisions("dev", 10);

        // Then
        assertThat(heads).extracting(Head::message).containsExactly("back", "second", "first");
        assertThat(heads).extracting(Head::number).containsExactly(3L, 2L, 1L);
        assertThat(source.revisions("dev", 1)).hasSize(1);
    }

    @Test
    void the_same_revision_is_not_committed_twice() {
        // Given
        Head first = Publisher.publish(store, revision("10.0.0.0/16"), "ann", "first", null, CLOCK);

        // When
        Head second = Publisher.publish(store, revision("10.0.0.0/16"), "bob", "second", null, CLOCK);

        // Then
        assertThat(second).isEqualTo(first);
    }

    @Test
    void the_slower_of_two_publishers_is_told_and_overwrites_nothing() {
        // Given
        Publisher.publish(store, revision("10.0.0.0/16"), "ann", "first", null, CLOCK);
        store.beforePutIf = () -> Publisher.publish(store, revision("10.1.0.0/16"), "bob", "faster", null, CLOCK);

        // When
        assertThatThrownBy(() -> Publisher.publish(store, revision("10.2.0.0/16"), "cid", "slower", null, CLOCK))

                // Then
                .isInstanceOf(Publisher.ConflictException.class)
                .hasMessageContaining("dev")
                .hasMessageContaining("bob")
                .hasMessageContaining("faster");
        assertThat(source.read("dev")).satisfies(is(revision("10.1.0.0/16"), 2));
        assertThat(source.revisions("dev", 10)).extracting(Head::message).containsExactly("faster", "first");
    }

    @Test
    void the_first_two_publishers_of_a_stack_do_not_overwrite_each_other() {
        // Given
        store.beforePutIf = () -> Publisher.publish(store, revision("10.1.0.0/16"), "bob", "faster", null, CLOCK);

        // When
        assertThatThrownBy(() -> Publisher.publish(store, revision("10.2.0.0/16"), "cid", "slower", null, CLOCK))

                // Then
                .isInstanceOf(Publisher.ConflictException.class);
        assertThat(source.read("dev")).satisfies(is(revision("10.1.0.0/16"), 1));
    }

    @Test
    void an_earlier_revision_is_read_back_by_its_name() {
        // Given
        Revision first = revision("10.0.0.0/16");
        Publisher.publish(store, first, "ann", "first", null, CLOCK);
        Publisher.publish(store, revision("a block"), "ann", "second", null, CLOCK);

        // When
        LoadResult past = source.past("dev", first.sha256());

        // Then
        assertThat(source.read("dev")).isInstanceOf(LoadResult.RefusedRevision.class);
        assertThat(past).isEqualTo(new LoadResult.ValidRevision(first));
        assertThat(source.past("dev", "0".repeat(64))).isInstanceOf(LoadResult.NoDesiredState.class);
    }

    @Test
    void a_lost_head_is_absent_and_the_stack_is_still_listed() {
        // Given
        Publisher.publish(store, revision("10.0.0.0/16"), "ann", "first", null, CLOCK);
        source.read("dev");

        // When
        store.delete("stacks/dev/HEAD.json");

        // Then
        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
        assertThat(source.read("other")).isInstanceOf(LoadResult.NoDesiredState.class);
        assertThat(source.stacks()).containsExactly("dev");
    }

    @Test
    void numbers_go_on_after_a_lost_head() {
        // Given
        Publisher.publish(store, revision("10.0.0.0/16"), "ann", "first", null, CLOCK);
        Publisher.publish(store, revision("10.1.0.0/16"), "ann", "second", null, CLOCK);
        store.delete("stacks/dev/HEAD.json");

        // When
        Head head = Publisher.publish(store, revision("10.2.0.0/16"), "ann", "third", null, CLOCK);

        // Then
        assertThat(head.number()).isGreaterThan(1);
    }

    @Test
    void a_missing_revision_is_absent() {
        // Given
        Revision revision = revision("10.0.0.0/16");
        Publisher.publish(store, revision, "ann", "first", null, CLOCK);

        // When
        store.delete("stacks/dev/revisions/" + revision.sha256() + ".json");

        // Then
        assertThat(source.read("dev")).isInstanceOf(LoadResult.NoDesiredState.class);
    }

    @Test
    void publishing_overwrites_nothing_that_was_published() {
        // Given
        Revision first = revision("10.0.0.0/16");

        // When
        Publisher.publish(store, first, "ann", "first", null, CLOCK);
        Publisher.publish(store, revision("10.9.0.0/16"), "ann", "second", null, CLOCK);
        Publisher.publish(store, first, "ann", "back", null, CLOCK);

        // Then
        assertThat(store.unconditional).isEmpty();
        assertThat(source.read("dev")).satisfies(is(first, 3));
    }

    @Test
    void a_revision_whose_place_another_object_takes_is_not_published() {
        // Given
        Revision revision = revision("10.0.0.0/16");
        String key = "stacks/dev/revisions/" + revision.sha256() + ".json";
        store.put(key, "{}".getBytes(StandardCharsets.UTF_8));

        // When, then
        assertThatThrownBy(() -> Publisher.publish(store, revision, "ann", "first", null, CLOCK))
                .isInstanceOf(Publisher.ConflictException.class)
                .hasMessageContaining(key);
        assertThat(store.objects).containsOnlyKeys(key);
    }

    @Test
    void a_revision_that_is_not_what_its_name_says_is_refused() {
        // Given
        Revision revision = revision("10.0.0.0/16");
        Publisher.publish(store, revision, "ann", "first", null, CLOCK);

        // When
        store.put("stacks/dev/revisions/" + revision.sha256() + ".json", RevisionCodec.write(revision("10.9.0.0/16")));

        // Then
        assertThat(source.read("dev")).isInstanceOfSatisfying(LoadResult.RefusedRevision.class, refused -> {
            assertThat(refused.sha256()).isEqualTo(revision.sha256());
            assertThat(refused.problems().getFirst().message()).contains("hash");
        });
    }

    @Test
    void a_revision_that_does_not_validate_is_refused_with_its_problems() {
        // Given
        Revision broken = revision("a block");
        Publisher.publish(store, broken, "ann", "first", null, CLOCK);

        // When
        LoadResult loaded = source.read("dev");

        // Then
        assertThat(loaded).isInstanceOfSatisfying(LoadResult.RefusedRevision.class, refused -> {
            assertThat(refused.sha256()).isEqualTo(broken.sha256());
            assertThat(refused.problems().getFirst().toString())
                    .contains("/spec/cidrBlock")
                    .contains("a block");
        });
    }

    @Test
    void a_head_that_is_none_is_refused() {
        // Given
        store.put("stacks/dev/HEAD.json", "{".getBytes(StandardCharsets.UTF_8));

        // When
        LoadResult loaded = source.read("dev");

        // Then
        assertThat(loaded).isInstanceOf(LoadResult.RefusedRevision.class);
    }

    private static Revision revision(String cidr) {
        ResourceId id = new ResourceId("Vpc", "main");
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("cidrBlock", cidr);
        StackSettings settings = new StackSettings(
                "dev",
                "123456789012",
                "eu-west-2",
                null,
                Map.of("Cost", "${literal}"),
                Mode.Enforce,
                Duration.ofMinutes(1),
                true,
                Limits.DEFAULT,
                false);
        return RevisionCodec.of(
                settings, Map.of(id, new DesiredResource(id, spec, Lifecycle.DEFAULT, Set.of(), null, null, Map.of())));
    }
}
