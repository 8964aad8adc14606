package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.kinds.CalledOperations;
import dev.holdfast.twin.FaultRule;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Each read that a kind's code can make, denied from the very first pass and again over what has converged: nothing is made twice
 * and nothing is written over what is there. Over the kinds' own fixtures, in which every field is owned.
 */
class DeniedReadsTest {
    private static final long SEED = 20261127;
    /** As many as fit into a build; {@code -Dholdfast.denials=1000} denies all. */
    private static final int SAMPLE = Integer.getInteger("holdfast.denials", 4);

    private static final String LIMITS =
            "'limits':{'maxDeletes':9999,'maxReplaces':9999,'maxUpdates':9999,'maxRollouts':9999},";

    private record Case(Kind<?> kind, String read) {
        @Override
        public String toString() {
            return kind.info().name() + " without " + read;
        }
    }

    @Test
    void noReadThatIsDeniedFromTheStartMakesAnythingTwice() {
        List<Case> cases = new ArrayList<>();
        TestKinds.all().all().values().forEach(kind -> reads(kind).forEach(r -> cases.add(new Case(kind, r))));
        int all = cases.size();
        Collections.shuffle(cases, new Random(SEED));
        cases.subList(Math.min(all, SAMPLE), all).clear();

        List<String> wrong = new ArrayList<>();
        Set<String> asked = new TreeSet<>();
        for (Case one : cases) {
            try (World world = new World()) {
                run(world, one, wrong, asked);
            } catch (AssertionError e) {
                wrong.add(one + ": " + e.getMessage());
            }
        }

        Set<String> never = new TreeSet<>();
        cases.stream().map(Case::read).filter(r -> !asked.contains(r)).forEach(never::add);
        System.out.println("denied from the start: " + cases.size() + " of " + all + " reads of kinds, seed " + SEED
                + ", never asked for: " + never);
        assertThat(wrong).isEmpty();
    }

    /** What the code of a kind can read. */
    static Set<String> reads(Kind<?> kind) {
        Set<String> reads = new TreeSet<>(CalledOperations.of(kind));
        reads.removeIf(operation -> !operation.matches(".*:(Describe|Get|List|Batch).*")
                || operation.equals("secretsmanager:GetRandomPassword"));
        return reads;
    }

    private static void run(World world, Case one, List<String> wrong, Set<String> asked) {
        Invariants invariants = Invariants.watch(world);
        FieldFixture fixture = java.util.Objects.requireNonNull(FieldFixture.of(one.kind()));
        FaultRule denial = FaultRule.on(one.read(), new TwinFault.Deny());
        world.twin.faults().add(denial);
        world.desire(fixture.documents(Map.of()), LIMITS);

        world.run(Duration.ofMinutes(4));
        world.twin.faults().clear();
        world.converged();
        invariants.broken().forEach(b -> wrong.add(one + ": " + b));
        world.owned().forEach((id, items) -> {
            if (items.size() != 1) {
                wrong.add(one + ": " + items.size() + " of " + id);
            }
        });

        world.twin.faults().add(denial);
        world.clock.advance(Duration.ofMinutes(67));
        PassReport pass = world.pass();
        if (pass.writes() > 0) {
            wrong.add(one + ": " + pass.writes() + " writes over what has converged");
        }
        if (world.twin.log().count(r -> r.operation().equals(one.read()) && "holdfast".equals(r.app())) > 0) {
            asked.add(one.read());
        }
    }
}
