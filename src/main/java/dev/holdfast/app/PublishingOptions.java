package dev.holdfast.app;

import dev.holdfast.desired.HeadSigner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that makes a commit. */
final class PublishingOptions {
    @Option(names = "--author", description = "The author of the commit. Default: the user of this machine.")
    private @Nullable String author;

    @Option(
            names = "--no-plan",
            description = "Publishes without a plan: for a publisher who may write the bucket and read nothing else.")
    private boolean withoutPlan;

    @Option(
            names = "--new-installation",
            description = "The stack is to exist a second time, in addition to that of another installation.")
    private boolean newInstallation;

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private SigningOption signing = new SigningOption();

    String author() {
        return author != null ? author : Objects.requireNonNullElse(System.getProperty("user.name"), "");
    }

    boolean namesAuthor() {
        return author != null;
    }

    boolean withoutPlan() {
        return withoutPlan;
    }

    boolean newInstallation() {
        return newInstallation;
    }

    Confirmation confirmation() {
        return confirmation;
    }

    /** @return null if nothing is to be signed */
    @Nullable
    HeadSigner signer(Operator operator) {
        return signing.signer(operator);
    }
}
