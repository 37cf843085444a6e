package io.kafila.daemon.internal.verbs;

import java.util.List;

/** Rows of cells as lines whose columns begin below one another. */
final class Table {
    private Table() {}

    /** Cells are padded to the widest of their column, at least {@code minWidth}, and a space; the last one is not. */
    static String text(List<? extends List<String>> rows, int minWidth) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                widths[i] = Math.max(widths[i], Math.max(minWidth, length(row.get(i)) + 1));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                text.append(row.get(i)).append(" ".repeat(widths[i] - length(row.get(i))));
            }
            text.append(row.get(row.size() - 1)).append('\n');
        }
        return text.toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
