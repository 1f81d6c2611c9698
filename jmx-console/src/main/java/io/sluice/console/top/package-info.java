/**
 * {@code sluicectl top}: a screen that stays open.
 *
 * <p>A background thread reads the appliances into their {@link io.sluice.console.sight.Sight}; the screen's own thread
 * takes keys into the {@link io.sluice.console.top.Face} and has the {@link io.sluice.console.top.Painter} make lines
 * of both, which is a plain function of what is known and the size. Only {@link io.sluice.console.top.JLineGlass} knows
 * a terminal.
 */
@NullMarked
package io.sluice.console.top;

import org.jspecify.annotations.NullMarked;
