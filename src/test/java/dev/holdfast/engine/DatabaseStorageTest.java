package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A temporary refusal by RDS is no error of the document. */
class DatabaseStorageTest {
    /**
     * RDS rejects another change of the storage for six hours after the last one. If Holdfast handled that as an error
     * of the document, the database would stall until the document is changed.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html">storage</a>
     */
    @Test
    void aSecondChangeOfTheStorageWaitsUntilTheFirstOneIsOptimized() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "rds:ModifyDBInstance",
                                    new TwinFault.Refuse(
                                            400,
                                            "InvalidParameterCombination",
                                            "You can't currently modify the storage of this DB instance because the"
                                                    + " previous storage change is being optimized."))
                            .times(5));

            world.desire(Databases.postgres("").replace("'allocatedStorage':20", "'allocatedStorage':40"));
            world.run(Duration.ofMinutes(3));
            assertThat(world.status("DbInstance/main")).isNotEqualTo(Status.Stalled);
            assertThat(Databases.modifications(world))
                    .as("five refused calls and one accepted call")
                    .isEqualTo(6);
        }
    }
}
