/**
 * {@code sluicectl}, the console: commands, a live screen, a page and a tab in JConsole, all of them through the MBeans
 * alone.
 *
 * <p>It shares no class with the appliance. What holds the two together is the names of MBeans, attributes and
 * operations ({@code docs/mbeans.md}); an appliance that lacks one, older or newer, costs the figure and not the
 * command.
 *
 * <p>{@code reach} gets to an appliance, {@code show} prints, {@code sight} reads it again and again and acts on it,
 * {@code sheet} makes tables of that, {@code top} is the screen, {@code web} the page, {@code tab} the one in JConsole,
 * {@code verb} has the commands; each uses only what stands before it.
 */
@NullMarked
package io.sluice.console;

import org.jspecify.annotations.NullMarked;
