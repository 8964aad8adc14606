package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeAuthor.IdentityType;
import dev.holdfast.model.ResourceId;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangeWitnessesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ResourceId WEB = ResourceId.parse("SecurityGroup/web");

    private final ChangeWitnesses witnesses = new ChangeWitnesses();

    private static ChangeAuthor author(String who, long second) {
        return new ChangeAuthor(
                who, IdentityType.IamUser, null, null, null, START.plusSeconds(second), "ec2:Any", who + second);
    }

    @Test
    @DisplayName("A read that still shows what was before the change takes nothing from its author")
    void aStaleReadForgetsNobody() {
        witnesses.saw(WEB, author("alice", 0), START.plusSeconds(6));
        witnesses.inSync(WEB, START.plusSeconds(8));
        assertThat(witnesses.authorOf(WEB)).isEqualTo(author("alice", 0));
    }

    @Test
    @DisplayName("The author of repaired drift is not named for new drift of which no event has arrived")
    void anAuthorCountsForOneDrift() {
        witnesses.saw(WEB, author("alice", 0), START.plusSeconds(6));
        witnesses.repaired(WEB, START.plusSeconds(7), author("alice", 0));
        witnesses.inSync(WEB, START.plusSeconds(8));
        assertThat(witnesses.authorOf(WEB)).isNull();
        witnesses.saw(WEB, author("bob", 8), START.plusSeconds(14));
        assertThat(witnesses.authorOf(WEB)).isEqualTo(author("bob", 8));
    }

    @Test
    @DisplayName("An event before the last read that showed the resource as desired is about no drift that comes later")
    void aReadAsDesiredClearsWhoCameBefore() {
        witnesses.saw(WEB, author("alice", 0), START.plusSeconds(6));
        witnesses.inSync(WEB, START.plusSeconds(60));
        assertThat(witnesses.authorOf(WEB)).isNull();
    }
}
