package dev.holdfast.kinds.rds;

import dev.holdfast.model.SupportEnd;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CertificateDetails;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * The end of an instance's server certificate or of its engine's support, whichever comes first. RDS renews the server
 * certificates of its newer authorities, such as rds-ca-rsa2048-g1, by itself; older authorities have one end for all.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html">Rotation of
 *     certificates</a>
 */
final class DbCertificates {
    private DbCertificates() {}

    /** The software whose support ends, with the certificate that RDS does not renew. */
    static String runs(DBInstance db) {
        Instant end = end(db);
        String engine = db.engine() + " " + EngineVersions.major(db.engine(), db.engineVersion());
        return end == null ? engine : engine + ", " + db.certificateDetails().caIdentifier() + " until " + end;
    }

    static @Nullable SupportEnd support(RdsClient rds, DBInstance db) {
        return Stream.of(certificate(db), EngineVersions.support(rds, db.engine(), db.engineVersion()))
                .flatMap(Stream::ofNullable)
                .min(Comparator.comparing(SupportEnd::at))
                .orElse(null);
    }

    private static @Nullable SupportEnd certificate(DBInstance db) {
        Instant end = end(db);
        return end == null
                ? null
                : new SupportEnd(
                        db.certificateDetails().caIdentifier(),
                        "the server certificate of the authority "
                                + db.certificateDetails().caIdentifier(),
                        end,
                        "then clients that verify the certificate no longer connect: set caCertificateIdentifier to"
                                + " rds-ca-rsa2048-g1, after the clients trust it");
    }

    /** The end of a certificate that RDS does not renew by itself, or null. */
    private static @Nullable Instant end(DBInstance db) {
        CertificateDetails certificate = db.certificateDetails();
        boolean renewed = certificate == null
                || certificate.caIdentifier() == null
                || certificate.caIdentifier().matches(".*-g\\d+");
        return renewed ? null : certificate.validTill();
    }
}
