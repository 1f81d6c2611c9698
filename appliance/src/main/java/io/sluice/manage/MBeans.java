package io.sluice.manage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MBeans of one appliance in a server. Each has a type, which may have a name behind it, as in {@code
 * Liberator,name=lib-a}; what is changed through it is audited.
 *
 * <p><b>Threading:</b> any thread.
 */
final class MBeans {
    private static final Logger LOG = LoggerFactory.getLogger(MBeans.class);
    private static final String DOMAIN = "sluice:type=";

    private final MBeanServer server;
    private final Audit audit;
    private final Map<String, ObjectName> registered = new LinkedHashMap<>();

    MBeans(MBeanServer server, Audit audit) {
        this.server = server;
        this.audit = audit;
    }

    /**
     * Makes {@code bean} one of them.
     *
     * @throws JMException when there is one of that type already, of another appliance in this process
     */
    synchronized void register(String type, Described bean) throws JMException {
        ObjectName name = new ObjectName(DOMAIN + type);
        try {
            bean.auditedBy(audit, name.toString());
            server.registerMBean(bean, name);
            registered.put(type, name);
        } catch (InstanceAlreadyExistsException second) {
            throw new JMException(name + " is there already, of another appliance in this process");
        }
    }

    /**
     * Takes the one of that type away, if there is one.
     *
     * @return true: there is none afterwards
     */
    synchronized boolean unregister(String type) {
        ObjectName name = registered.remove(type);
        try {
            if (name != null) {
                server.unregisterMBean(name);
            }
        } catch (InstanceNotFoundException gone) {
            LOG.debug("unregistered by somebody else: {}", name);
        } catch (JMException failed) {
            LOG.warn("management.error cause=\"{}\"", failed.toString());
        }
        return true;
    }

    synchronized void unregisterAll() {
        List.copyOf(registered.keySet()).forEach(this::unregister);
    }

    synchronized int count() {
        return registered.size();
    }
}
