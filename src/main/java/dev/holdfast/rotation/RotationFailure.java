package dev.holdfast.rotation;

import java.sql.SQLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A step did not succeed. Secrets Manager and the log show the message, which contains only Holdfast's own words, names
 * and codes. A message of a driver or a parser may quote a statement or a value; for the same reason, the exception has
 * no cause.
 */
public final class RotationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String NO_CONNECTION =
            "no connection; check that the function's subnets reach the host, that the host offers TLS, and that the"
                    + " given authority has issued its certificate";

    RotationFailure(String message) {
        super(message, null, false, false);
    }

    /** @param attempt the failed action, for example "change the password of app" */
    static RotationFailure of(String attempt, SQLException e) {
        return new RotationFailure("cannot " + attempt + ": " + reason(e) + " (SQLSTATE " + e.getSQLState() + ", code "
                + e.getErrorCode() + ")");
    }

    static RotationFailure of(SdkException e) {
        return new RotationFailure(
                e instanceof AwsServiceException service && service.awsErrorDetails() != null
                        ? "Secrets Manager refuses: "
                                + service.awsErrorDetails().errorCode()
                        : "Secrets Manager does not answer: " + e.getClass().getSimpleName());
    }

    /**
     * The reason by the class of the SQLSTATE.
     *
     * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's codes</a>
     */
    private static String reason(SQLException e) {
        if (e.getErrorCode() == MySqlDialect.UNKNOWN_AUTHENTICATION) {
            return "the user's authentication plugin is not supported; use caching_sha2_password";
        }
        if (e.getErrorCode() == MySqlDialect.DRIVER_REFUSES) {
            return NO_CONNECTION;
        }
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "08" -> NO_CONNECTION;
            case "28" -> "the login is refused";
            case "3D" -> "there is no such database";
            case "42" -> state.equals("42501") ? "the user lacks the privilege" : "the statement is refused";
            case "53" -> "the server has no free connection or memory";
            case "57" -> "the server is shutting down or has cancelled the statement";
            default -> "the database reports an error";
        };
    }
}
