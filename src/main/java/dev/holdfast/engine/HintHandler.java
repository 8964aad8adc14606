package dev.holdfast.engine;

import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ChangeHint.ServiceWord;
import dev.holdfast.model.ResourceId;
import java.util.HashSet;
import java.util.Set;

/** Takes the hints of change events: what they say of authors and services is kept, and what they name is read. Used by one thread. */
final class HintHandler {
    private final HintInbox inbox;
    private final RecordKeeper keeper;
    private final ObservationStage observation;

    HintHandler(HintInbox inbox, RecordKeeper keeper, ObservationStage observation) {
        this.inbox = inbox;
        this.keeper = keeper;
        this.observation = observation;
    }

    /** @return what somebody may have changed, and is to be read again, slow facets too */
    Set<ResourceId> take() {
        Set<ResourceId> named = new HashSet<>();
        for (ChangeHint hint : inbox.take()) {
            if (hint.by() != null) {
                keeper.witness(hint.resource(), hint.by());
            }
            ServiceWord word = hint.notice();
            if (word != null) {
                keeper.notices().told(hint.resource(), word);
                if (word.reason().equals(ServiceWord.IMAGE_PUSHED)) {
                    observation.readDigestsAgain();
                }
            }
            named.add(hint.resource());
        }
        return named;
    }
}
