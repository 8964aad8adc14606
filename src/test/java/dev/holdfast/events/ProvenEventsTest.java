package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.ResourceView;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;

/** As long as events miss no drift, slow facets are read once an hour. */
class ProvenEventsTest {
    private static final int REPOSITORIES = 6;
    private static final Set<String> SLOW_READS = Set.of("ecr:GetLifecyclePolicy", "ecr:GetRepositoryPolicy");
    private static final Duration STEP = Duration.ofMinutes(2);
    private static final Duration HOUR = Duration.ofHours(1);

    private static String repositories() {
        return IntStream.range(0, REPOSITORIES)
                .mapToObj(n -> """
                        {'apiVersion':'holdfast.dev/v1','kind':'Repository','metadata':{'name':'r%d'},'spec':{
                         'repositoryName':'r%d','imageTagMutability':'IMMUTABLE',
                         'lifecyclePolicy':{'rules':[{'rulePriority':1,'selection':{'tagStatus':'untagged',
                          'countType':'sinceImagePushed','countUnit':'days','countNumber':7},'action':{'type':'expire'}}]},
                         'repositoryPolicy':{'Version':'2012-10-17','Statement':[{'Sid':'one','Effect':'Allow',
                          'Principal':{'AWS':'arn:aws:iam::123456789012:root'},'Action':['ecr:BatchGetImage']}]}}}
                        """.formatted(n, n))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** The number of reads of slow facets in the next hour. */
    private static long readsOfAnHour(EventsWorld all) {
        long before = all.twin().log().requests().getLast().sequence();
        all.run(HOUR, STEP);
        return all.twin().log().requests().stream()
                .filter(r -> r.sequence() > before
                        && r.caller().equals(all.world.caller())
                        && SLOW_READS.contains(r.operation()))
                .count();
    }

    private static Instant oldest(EventsWorld all) {
        return all.world.view().resources().values().stream()
                .map(ResourceView::observedAtByFacet)
                .flatMap(ages -> ages.values().stream())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    @Test
    @DisplayName(
            "After a day of events that reported all drift, slow facets are read hourly; one missed event ends that")
    void readsSlowFacetsHourlyUntilAnEventIsMissed() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(repositories(), "'interval':'PT10M',").converged();
            long facets = 2L * REPOSITORIES;
            // The event of the change arrives, so that no drift is missed.
            all.run(Duration.ofMinutes(10), STEP);
            mutable(all, "r0");
            all.run(Duration.ofMinutes(10), STEP);
            assertThat(Objects.requireNonNull(all.item("Repository/r0")).by()).isNotNull();
            assertThat(readsOfAnHour(all)).isGreaterThanOrEqualTo(5 * facets);

            all.run(Duration.ofHours(23), STEP);
            assertThat(readsOfAnHour(all)).isBetween(facets, 2 * facets);
            assertThat(oldest(all)).isAfter(all.world.clock.instant().minus(HOUR));

            all.twin().settings().events().loseEvery(1);
            mutable(all, "r1");
            all.run(Duration.ofMinutes(30), STEP);
            DriftItem missed = Objects.requireNonNull(all.item("Repository/r1"));
            assertThat(missed.state()).isEqualTo(DriftItem.DriftState.Repaired);
            assertThat(missed.by()).isNull();
            all.twin().settings().events().loseEvery(0);
            assertThat(readsOfAnHour(all)).isGreaterThanOrEqualTo(5 * facets);
            assertThat(oldest(all)).isAfter(all.world.clock.instant().minus(Duration.ofMinutes(13)));
        }
    }

    private static void mutable(EventsWorld all, String repository) {
        all.person(EcrClient.class, "alice")
                .putImageTagMutability(
                        r -> r.repositoryName(repository).imageTagMutability(ImageTagMutability.MUTABLE));
    }
}
