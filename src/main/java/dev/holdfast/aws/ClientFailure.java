package dev.holdfast.aws;

import dev.holdfast.model.Fault.Category;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * A failure that came from the SDK and not from AWS, in one line that contains the solution. The SDK's own message for
 * missing
 * credentials lists every provider and the whole profile file, and hides the one reason that matters.
 *
 * <p>https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html
 */
record ClientFailure(Category category, String code, String message) {
    private static final String PROFILE_FILE = "(?:, profileFile=|: )?ProfileFile\\(sections=\\[[^\\]]*], profiles=\\["
            + "(?:Profile\\(name=[^,]*, properties=\\[[^\\]]*]\\)(?:, )?)*]\\)";
    private static final Pattern OF_PROFILE = Pattern.compile(
            "ProfileCredentialsProvider\\(profileName=[^)]*\\): (.*?), ContainerCredentialsProvider\\(\\): ");

    static ClientFailure of(SdkClientException e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        if (text.contains("Unable to load credentials")) {
            return new ClientFailure(Category.DENIED, "NoCredentials", credentials(text));
        }
        String unreachable = unreachable(e);
        return unreachable == null
                ? new ClientFailure(Category.TRANSIENT, e.getClass().getSimpleName(), text)
                : new ClientFailure(Category.TRANSIENT, "Unreachable", unreachable);
    }

    private static String credentials(String text) {
        Matcher profile = OF_PROFILE.matcher(text.replaceAll(PROFILE_FILE, ""));
        String chosen = profile();
        if (!profile.find()) {
            return "there are no AWS credentials: " + credentialSources();
        }
        String reason = profile.group(1);
        if (reason.contains("SSO session")) {
            return "the SSO session of the profile " + chosen + " has expired or has not begun: run 'aws sso login"
                    + " --profile " + chosen + "'";
        }
        if (reason.startsWith("Profile file contained no credentials")) {
            return isProfileSet()
                    ? "there are no AWS credentials: AWS_PROFILE names the profile " + chosen
                            + ", which does not exist or has no credentials ('aws configure list-profiles' lists the"
                            + " profiles)"
                    : "there are no AWS credentials: " + credentialSources();
        }
        if (reason.contains("must be on the class path")) {
            return "Holdfast cannot use the sign-in of the profile " + chosen + ": run 'eval \"$(aws configure"
                    + " export-credentials --profile " + chosen + " --format env)\"' first";
        }
        return "the profile " + chosen + " gives no AWS credentials: " + reason;
    }

    private static String credentialSources() {
        return "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role gives them (ECS,"
                + " EC2)";
    }

    /** The solution if AWS no longer accepts the credentials. */
    static String renewal() {
        return isProfileSet()
                ? "run 'aws sso login --profile " + profile() + "', or set new credentials"
                : "sign in again, or set new credentials";
    }

    private static String profile() {
        return ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    }

    private static boolean isProfileSet() {
        return !profile().equals("default");
    }

    private static @Nullable String unreachable(Throwable e) {
        return Stream.iterate(e, t -> t != null, Throwable::getCause)
                .map(cause -> switch (cause) {
                    case UnknownHostException host ->
                        host.getMessage() + " is not known to DNS: check the region and the network";
                    case ConnectException refused ->
                        refused.getMessage() + ": check AWS_ENDPOINT_URL, the network and the proxy";
                    default -> null;
                })
                .filter(text -> text != null)
                .findFirst()
                .orElse(null);
    }
}
