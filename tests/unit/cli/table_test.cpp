#include "cli/table.h"

#include <catch2/catch.hpp>

#include "cli/labels.h"
#include "cli/numbers.h"
#include "cli/progress.h"
#include "cli/query_string.h"

using namespace vitals::cli;

TEST_CASE("columns are as wide as their widest cell") {
  Table table({{"NAME"}, {"VALUE", Align::right}});
  table.add({"a", "1,234"});
  table.add({"über", "5"});
  CHECK(table.text(false) ==
        "NAME  VALUE\n"
        "a     1,234\n"
        "über      5\n");
}

TEST_CASE("numbers of a column have equally many decimals, whatever stands before them") {
  Table table({{"VALUE", Align::right}, {"BOUND", Align::right}});
  table.add({{"", 94.123456}, {"< ", 90.0}});
  table.add({{"", 5.0}, {"≥ ", 7.5}});
  table.add({"-", ""});
  table.add({{"", 1234.5678}, {"< ", 1e20}});
  CHECK(table.text(false) ==
        "   VALUE    BOUND\n"
        "   94.12   < 90.0\n"
        "    5.00    ≥ 7.5\n"
        "       -\n"
        "1,234.57  < 1e+20\n");
}

TEST_CASE("flexible columns are shortened where the terminal is too narrow, the widest first") {
  Table table(
      {{"ID"}, {"RULE", Align::flexible}, {"VALUE", Align::right}, {"GROUP", Align::flexible}});
  table.add({"abcdef", "success-rate-collapse", "1,234", "größer als je"});
  table.add({"abcdef", "short", "5", "web"});
  CHECK(table.text(false, 51) ==
        "ID      RULE                   VALUE  GROUP\n"
        "abcdef  success-rate-collapse  1,234  größer als je\n"
        "abcdef  short                      5  web\n");
  CHECK(table.text(false, 40) ==
        "ID      RULE         VALUE  GROUP\n"
        "abcdef  success-ra…  1,234  größer als …\n"
        "abcdef  short            5  web\n");
  // Less would be of no use.
  CHECK(table.text(false, 10) ==
        "ID      RULE      VALUE  GROUP\n"
        "abcdef  success…  1,234  größer …\n"
        "abcdef  short         5  web\n");
  CHECK(table.text(false) == table.text(false, 51));
}

TEST_CASE("colors appear only where they are wanted, and do not shift columns") {
  Table table({{"A"}, {"B"}});
  table.add({{"x", Tone::bad}, "y"});
  CHECK(table.text(false) == "A  B\nx  y\n");
  CHECK(table.text(true) == "\x1b[2mA\x1b[0m  \x1b[2mB\x1b[0m\n\x1b[31mx\x1b[0m  y\n");
}

TEST_CASE("labels cannot drive the terminal") {
  Table table({{"A"}});
  table.add({"\x1b[2Jgone\n"});
  CHECK(table.text(true) == "\x1b[2mA\x1b[0m\n?[2Jgone?\n");
}

TEST_CASE("numbers read easily") {
  CHECK(with_separators(0) == "0");
  CHECK(with_separators(999) == "999");
  CHECK(with_separators(-1'234'567) == "-1,234,567");
  CHECK(format_number(95) == "95");
  CHECK(format_number(94.123456) == "94.12");
  CHECK(format_number(1234.5678) == "1,235");
  CHECK(format_number(0.0123456) == "0.0123");
  CHECK(format_number(8.5) == "8.5");
  CHECK(format_number(99.999) == "100");
  CHECK(format_number(-1'234'567) == "-1,234,567");
  CHECK(format_number(1e20) == "1e+20");
  CHECK(format_number(1e-9) == "1e-09");
  CHECK(format_number(1229.7) == "1,230");
  CHECK(decimals_of(1229.7) == 0);
  CHECK(decimals_of(99.999) == 0);
  CHECK(decimals_of(0.012) == 3);
  CHECK(decimals_of(1e-9) == 0);
  CHECK(format_number(-5, 2) == "-5.00");
  CHECK(format_number(1e-9, 2) == "1e-09");
  CHECK(format_bytes(512) == "512 B");
  CHECK(format_bytes(1536) == "1.5 KiB");
  CHECK(format_span(40) == "40ms");
  CHECK(format_span(302'000) == "5m 2s");
  CHECK(format_span(273'600'000) == "3d 4h");
  CHECK(format_span(3'600'000) == "1h");
  CHECK(format_moment(1'790'000'000'000) == "2026-09-21 14:13:20");
  CHECK(format_moment(1'790'000'000'123) == "2026-09-21 14:13:20.123");
}

TEST_CASE("query strings are encoded") {
  QueryString query;
  CHECK(query.text().empty());
  query.add("filter", "tags.team:a b&c=ü");
  query.add_given("window", "");
  query.add_given("step", "1m");
  CHECK(query.text() == "?filter=tags.team%3Aa%20b%26c%3D%C3%BC&step=1m");
}

TEST_CASE("progress shows what is known") {
  CHECK(progress_text("f", 0.5, 1234) == "f  [###############...............]  50 %  1,234");
  CHECK(progress_text("f", -1, 7) == "f  7");
}
