package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.StackMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftLedgerTest {
    private static final DriftItem ITEM = DriftItem.open(
            ResourceId.parse("Alarm/one"),
            "one",
            DriftItem.DriftType.Missing,
            DriftItem.DriftState.Detected,
            Instant.parse("2026-01-01T00:00:00Z"),
            List.of());

    private static void mustBeReadable(String reason) {
        throw new AssertionError(reason);
    }

    private static ArrayNode stored() {
        DriftLedger ledger = new DriftLedger(null, DriftLedgerTest::mustBeReadable);
        ledger.found(ITEM, Set.of());
        return (ArrayNode)
                Objects.requireNonNull(ledger.rememberIn(StackMemory.NONE).drift());
    }

    @Test
    void isReadBackAsItWasStored() {
        DriftLedger same = new DriftLedger(stored(), DriftLedgerTest::mustBeReadable);

        assertThat(same.items()).containsExactly(ITEM);
    }

    /**
     * A report that cannot be read is replaced by an empty one: the report is informative, and must not stop the passes
     * of its stack.
     */
    @ParameterizedTest
    @ValueSource(strings = {"resource", "type", "state", "firstSeen", "fields"})
    void startsAfreshWithoutAMember(String member) {
        ArrayNode items = stored();
        assertThat(((ObjectNode) items.get(0)).remove(member)).isNotNull();

        List<String> reasons = new ArrayList<>();
        DriftLedger afresh = new DriftLedger(items, reasons::add);

        assertThat(afresh.items()).isEmpty();
        assertThat(reasons).singleElement().asString().contains(member);
    }
}
