package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.model.Action;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/**
 * A member is missing in all answers of a service for one pass. The missing member causes no write, neither in that
 * pass nor once the member is returned again, and not in a new process either. Each message of an exception says which
 * read failed. Only a difference that several reads show is drift.
 */
class PartialAnswerTest {
    private static final long SEED = Long.getLong("holdfast.answers.seed", 20261201);
    /** The number of members that a build can test; {@code -Dholdfast.answers=1000} tests all. */
    private static final int SAMPLE = Integer.getInteger("holdfast.answers", 20);

    /** {@code -Dholdfast.answers.member=rds} tests only members whose service or name contains this text. */
    private static final String ONLY = System.getProperty("holdfast.answers.member", "");

    /** After this time every slow facet is due. */
    private static final Duration ALL_DUE = Duration.ofMinutes(11);

    private static final Pattern PLACE = Pattern.compile("\\((\\w+\\.java):");

    private static final String DOCS = """
        [{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},
          'spec':{'logGroupName':'/app','retentionInDays':30}},
         {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}}]""";

    private final Set<LeftOutMember> seen = new ConcurrentSkipListSet<>();
    private volatile @Nullable LeftOutMember leftOut;
    private volatile boolean happened;

    private String answer(String service, String body) {
        LeftOutMember member = leftOut;
        if (member == null) {
            seen.addAll(LeftOutMember.in(service, body));
            return body;
        }
        String rest = member.service().equals(service) ? member.leftOutOf(body) : body;
        happened |= !rest.equals(body);
        return rest;
    }

    @Test
    void noMemberIsWrittenUponThatIsLeftOutForOnePass() {
        Random random = new Random(SEED);
        List<String> wrong = new ArrayList<>();
        World world = prod();
        try {
            List<LeftOutMember> members = new ArrayList<>(seen);
            int all = members.size();
            members.removeIf(member -> !member.toString().contains(ONLY));
            Collections.shuffle(members, random);
            members.subList(Math.min(members.size(), SAMPLE), members.size()).clear();
            int unasked = 0;
            for (LeftOutMember member : members) {
                boolean fresh = random.nextBoolean();
                List<String> found = without(member, fresh, world);
                if (!happened) {
                    found.addAll(without(member, !fresh, world));
                }
                unasked += happened ? 0 : 1;
                found.forEach(f -> wrong.add(member + ": " + f));
                if (!found.isEmpty()) {
                    System.out.println(member + ": " + found);
                    world.close();
                    world = prod();
                }
            }
            System.out.println("partial answers: " + (members.size() - unasked) + " of " + all
                    + " members left out, seed " + SEED + ", " + unasked + " were not asked for again");
            assertThat(unasked).isLessThanOrEqualTo(members.size() / 10);
        } finally {
            world.close();
        }
        assertThat(wrong).isEmpty();
    }

    /** The stack prod, after every member of the answers that a new process receives was recorded. */
    private World prod() {
        leftOut = null;
        World world = SkinClub.rotatingLater(SkinClub.prod(new World().answeredThrough(this::answer)))
                .unlimited();
        world.converged();
        SkinClub.confirmed(world);
        seen.clear();
        world.restart().converged();
        world.clock.advance(ALL_DUE);
        world.converged();
        return world;
    }

    /**
     * @param fresh whether a new process runs, which has read nothing yet and knows only the recorded state
     * @return the errors
     */
    private List<String> without(LeftOutMember member, boolean fresh, World world) {
        List<String> wrong = new ArrayList<>();
        world.events.clear();
        world.clock.advance(ALL_DUE);
        if (fresh) {
            world.restart();
        }
        long before = world.writeCount();
        happened = false;
        leftOut = member;
        world.pass();
        Stream.concat(
                        world.view().resources().values().stream().map(r -> String.valueOf(r.message())),
                        world.events.stream().map(Event::message))
                .filter(PartialAnswerTest::isNameless)
                .distinct()
                .forEach(wrong::add);
        leftOut = null;
        world.pass();
        world.converge(Duration.ofMinutes(10));
        if (world.writeCount() > before) {
            wrong.add((world.writeCount() - before) + " writes: "
                    + world.events.stream()
                            .filter(e -> e.reason().endsWith("Requested"))
                            .map(e -> e.reason() + " " + e.resource() + " " + e.message())
                            .toList());
        }
        if (!world.view().converged()) {
            wrong.add("not converged: " + world.describe());
        }
        return wrong;
    }

    /**
     * Whether the message of an unexpected exception names no place in this program; such a place shows which read
     * failed.
     */
    private static boolean isNameless(String message) {
        Matcher place = PLACE.matcher(message);
        return place.find() && !OWN_FILES.contains(place.group(1));
    }

    private static final Set<String> OWN_FILES = ownFiles();

    private static Set<String> ownFiles() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aValueThatNobodyCanRemoveIsNeverWrittenOver() {
        try (World world = settled()) {
            long before = world.writeCount();

            leftOut = new LeftOutMember("ec2", "cidrBlock");
            world.run(Duration.ofHours(1));

            assertThat(world.writeCount()).as(world.describe()).isEqualTo(before);
            assertThat(world.status("Vpc/main")).isEqualTo(Status.Unknown);
            assertThat(world.resource("Vpc/main").message())
                    .contains("lacks /cidrBlock", "nobody can remove such values");

            leftOut = null;
            world.converged();
            assertThat(world.writeCount()).isEqualTo(before);
        }
    }

    @Test
    void aValueThatSomebodyCanRemoveIsWrittenOnceAnotherReadLacksItToo() {
        try (World world = settled()) {
            long before = world.writeCount();

            leftOut = new LeftOutMember("logs", "retentionInDays");
            world.pass();
            long atOnce = world.writeCount();
            Status meanwhile = world.status("LogGroup/app");
            world.run(Duration.ofSeconds(5));

            assertThat(atOnce).isEqualTo(before);
            assertThat(meanwhile).isEqualTo(Status.Unknown);
            assertThat(world.writeCount()).as(world.describe()).isGreaterThan(before);
        }
    }

    @Test
    void whatSomebodyRemovedIsThereAgainSecondsLater() {
        try (World world = settled()) {
            CloudWatchLogsClient logs = world.somebody(CloudWatchLogsClient.class);

            logs.deleteRetentionPolicy(r -> r.logGroupName("/app"));
            world.pass();
            world.run(Duration.ofSeconds(5));

            assertThat(logs.describeLogGroups().logGroups().getFirst().retentionInDays())
                    .isEqualTo(30);
            assertThat(world.view().drift()).hasSize(1);
        }
    }

    /** The plan reads twice, and writes nothing. */
    @Test
    void aPlanShowsWhatSomebodyRemoved() {
        try (World world = settled()) {
            world.somebody(CloudWatchLogsClient.class).deleteRetentionPolicy(r -> r.logGroupName("/app"));

            world.restart().reconciler().plan();

            assertThat(world.view().plan().steps())
                    .extracting(Step::action, step -> step.resource().toString())
                    .containsExactly(tuple(Action.Update, "LogGroup/app"));
        }
    }

    /** A world in which every read shows the writes of the operator. */
    private World settled() {
        World world = new World().answeredThrough(this::answer).desire(DOCS).converged();
        world.clock.advance(EngineConstants.WRITE_VISIBLE);
        return world;
    }
}
