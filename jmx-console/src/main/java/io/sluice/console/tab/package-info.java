/**
 * The tab in JConsole, by {@code jconsole -pluginpath sluicectl.jar}: the same tables and acts as the screen and the
 * page, over JConsole's own connection.
 *
 * <p>Only this room knows JConsole ({@code com.sun.tools.jconsole}) and Swing, and nothing else of the console refers
 * to it: where Java has neither, all else works.
 *
 * <p><b>Threading:</b> what is shown belongs to the thread of Swing; every call to the appliance is an {@link
 * io.sluice.console.tab.Errand}, beside it.
 */
@NullMarked
package io.sluice.console.tab;

import org.jspecify.annotations.NullMarked;
