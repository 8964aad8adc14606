package dev.holdfast.kinds.rds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineVersionsTest {
    @ParameterizedTest
    @CsvSource({
        "postgres, 15.10, 16, true",
        "postgres, 15.10, 16.3, true",
        "postgres, 15.9, 15.10, false",
        "postgres, 15.10, 15, false",
        "postgres, 16.1, 15, false",
        "postgres, 9.6.24, 10, true",
        "mysql, 8.0.40, 8.4, true",
        "mysql, 8.0.40, 8.0.44, false",
        "mysql, 8.4.7, 8.0, false",
        "mysql, 5.7.44, 8.0, true",
        "mysql, 8.0.40, 8, false",
        "mariadb, 10.6.1, 10.11, true",
        "mariadb, 10.11.9, 10.6, false",
        "mariadb, 10.11.9, 11.4, true"
    })
    void tellsAnotherMajorVersion(String engine, String there, String wanted, boolean upgrade) {
        assertThat(EngineVersions.isMajorUpgrade(engine, there, wanted)).isEqualTo(upgrade);
    }
}
