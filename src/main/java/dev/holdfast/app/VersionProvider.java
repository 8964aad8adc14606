package dev.holdfast.app;

import org.eclipse.microprofile.config.ConfigProvider;
import picocli.CommandLine;

/** The version of this build. */
public final class VersionProvider implements CommandLine.IVersionProvider {
    static String version() {
        return ConfigProvider.getConfig().getValue("quarkus.application.version", String.class);
    }

    @Override
    public String[] getVersion() {
        return new String[] {"holdfast " + version()};
    }
}
