package dev.holdfast.app;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import io.quarkus.arc.All;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Produces the catalogue of all kinds on the class path. */
public final class KindCatalogProducer {
    private final List<Kind<?>> kinds;

    public KindCatalogProducer(@All List<Kind<?>> kinds) {
        this.kinds = kinds;
    }

    @Produces
    @Singleton
    KindCatalog catalog() {
        return new KindCatalog(kinds);
    }
}
