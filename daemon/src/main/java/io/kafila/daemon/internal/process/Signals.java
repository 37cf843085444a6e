package io.kafila.daemon.internal.process;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns SIGINT and SIGTERM into a call, so that the process can end in order and with the exit code 0.
 *
 * <p>The JDK has no supported way to do so, only {@code sun.misc.Signal}, which is reached by reflection: where it is
 * missing a shutdown hook does the same, with the exit code of the signal.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Calls {@code action} at each signal, in a thread of the JVM. */
    static void onTermination(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> self == arguments[0];
                            default -> "termination handler";
                        };
                    });
            for (String name : new String[] {"INT", "TERM"}) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("no signal handlers, a shutdown hook instead", e);
            Runtime.getRuntime().addShutdownHook(new Thread(action, "shutdown"));
        }
    }
}
