package io.sluice.console.show;

import static io.sluice.console.show.Table.column;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrinterTest {
    private static String print(Table table, Format format) {
        StringWriter text = new StringWriter();
        new Printer(new PrintWriter(text), format, false).print(table);
        return text.toString();
    }

    private static Table table() {
        return new Table(
                        column("name"),
                        column("sentBytes", "sent", Form.BYTES),
                        column("openMillis", "age", Form.MILLIS),
                        column("list"))
                .row("a", 512, 90, List.of("x", "y"))
                .row("b, \"c\"", 3 << 20, 125_000, new String[0]);
    }

    @Test
    void for_eyes_numbers_stand_right_in_units() {
        assertThat(print(table(), Format.table)).isEqualTo("""
                name       sent    age  list
                a         512 B   90ms  x,y
                b, "c"  3.0 MiB  2m05s  -
                """);
    }

    @Test
    void in_csv_fields_are_quoted_where_they_must_be() {
        assertThat(print(table(), Format.csv))
                .isEqualTo("name,sentBytes,openMillis,list\r\na,512,90,x y\r\n\"b, \"\"c\"\"\",3145728,125000,\r\n");
    }

    @Test
    void in_json_numbers_are_numbers_and_lists_lists() {
        Map<String, Object> first = JsonText.object(
                print(new Table(column("n"), column("l")).row(7, List.of("x")).oneThing(), Format.json));
        assertThat(first).containsEntry("n", 7L).containsEntry("l", List.of("x"));
        assertThat(print(table(), Format.json)).contains("\"name\" : \"b, \\\"c\\\"\"");
    }

    @Test
    void lines_of_an_mbean_become_a_table() {
        Table parsed = Table.ofLines(
                List.of("reason       status  last hit", "denied-path     403  2 s", "x               404  -"));
        assertThat(print(parsed, Format.csv)).isEqualTo("reason,status,lastHit\r\ndenied-path,403,2 s\r\nx,404,-\r\n");
    }

    @Test
    void tables_of_several_are_joined_by_their_columns() {
        Map<String, Table> both = new LinkedHashMap<>();
        both.put("one", new Table(column("a"), column("b")).row("1", "2"));
        both.put("two", new Table(column("b"), column("c")).row("3", "4"));
        assertThat(print(Table.joined("of", both), Format.csv)).isEqualTo("of,a,b,c\r\none,1,2,\r\ntwo,,3,4\r\n");
    }
}
