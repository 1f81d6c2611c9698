package io.sluice.manage;

import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import org.jspecify.annotations.Nullable;

/** A {@link Described} MBean that also has something to tell: only for those, as consoles show a folder for it. */
final class DescribedEmitter extends Described implements NotificationEmitter {
    private final NotificationBroadcasterSupport listeners;
    private final IdentityHashMap<NotificationListener, Integer> listening = new IdentityHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private volatile Consumer<Boolean> onListened = listened -> {};

    <T> DescribedEmitter(T bean, Class<T> type, MBeanNotificationInfo... told) {
        super(bean, type);
        this.listeners = new NotificationBroadcasterSupport(told);
    }

    /** Who is told whether somebody listens, each time that changes. */
    void onListened(Consumer<Boolean> told) {
        onListened = told;
    }

    /** A kind of notification, as consoles show it. */
    static MBeanNotificationInfo told(String type, String sentence) {
        return new MBeanNotificationInfo(new String[] {type}, Notification.class.getName(), sentence);
    }

    /**
     * Tells whoever listens.
     *
     * @param type one of those that the constructor was given
     * @param message in a few words
     * @param story all of it: the user data
     */
    void tell(String type, String message, String story) {
        Notification notification = new Notification(type, mbean(), lastNumber.incrementAndGet(), message);
        notification.setUserData(story);
        listeners.sendNotification(notification);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanInfo info = super.getMBeanInfo();
        return new MBeanInfo(
                info.getClassName(),
                info.getDescription(),
                info.getAttributes(),
                info.getConstructors(),
                info.getOperations(),
                getNotificationInfo(),
                info.getDescriptor());
    }

    @Override
    public MBeanNotificationInfo[] getNotificationInfo() {
        return listeners.getNotificationInfo();
    }

    @Override
    public void addNotificationListener(
            NotificationListener listener, @Nullable NotificationFilter filter, @Nullable Object handback) {
        listeners.addNotificationListener(listener, filter, handback);
        count(listener, 1);
    }

    @Override
    public void removeNotificationListener(NotificationListener listener) throws ListenerNotFoundException {
        listeners.removeNotificationListener(listener);
        count(listener, Integer.MIN_VALUE);
    }

    @Override
    public void removeNotificationListener(
            NotificationListener listener, @Nullable NotificationFilter filter, @Nullable Object handback)
            throws ListenerNotFoundException {
        listeners.removeNotificationListener(listener, filter, handback);
        count(listener, -1);
    }

    /** {@code more} places of one listener, which is gone with its last. */
    private synchronized void count(NotificationListener listener, int more) {
        boolean before = !listening.isEmpty();
        listening.compute(listener, (each, places) -> {
            int now = (places == null ? 0 : places) + more;
            return now <= 0 ? null : now;
        });
        if (before == listening.isEmpty()) {
            onListened.accept(!before);
        }
    }
}
