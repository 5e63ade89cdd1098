// Text tables and numbers as people read them.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "output/table.hpp"

using namespace prisonflow::output;

TEST_CASE("numbers carry thousands separators") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(999) == "999");
  CHECK(format_count(1000) == "1,000");
  CHECK(format_count(57038) == "57,038");
  CHECK(format_count(-123456) == "-123,456");
  CHECK(format_count(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
  CHECK(format_number(57038.25, 1) == "57,038.2");
  CHECK(format_number(1234567.891, 2) == "1,234,567.89");
  CHECK(format_number(-0.04, 1) == "0.0");
  CHECK(format_number(std::nan("")) == "–");
  CHECK(format_number(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(format_share(0.1234) == "12.3 %");
}

TEST_CASE("width is what a terminal shows") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("Қазақстан") == 9);
  CHECK(display_width("旁听") == 4);
  CHECK(display_width("e\xCC\x81") == 1);
  CHECK(display_width("\xFF\xFE") == 2);
  CHECK(shortened("Қазақстан", 5) == "Қаза…");
  CHECK(shortened("旁听席位", 4) == "旁…");
  CHECK(shortened("abc", 3) == "abc");
}

TEST_CASE("a title runs over the columns") {
  Table table({{"a", Alignment::left}, {"b"}});
  table.add_title("wider than both");
  table.add_row({"x", "1"});
  table.add_title("");
  CHECK(table.text() == "a  b\n─  ─\nwider than both\nx  1\n\n");
  CHECK(table.text(8) == "a  b\n─  ─\nwider t…\nx  1\n\n");
}

TEST_CASE("columns line up") {
  Table table({{"region", Alignment::left}, {"prisoners"}, {"share"}});
  table.add_row({"Қазақстан", "57,038", "100.0 %"});
  table.add_row({"旁听", "9", "0.1 %"});
  table.add_rule();
  table.add_row({"all"});
  CHECK(table.text() ==
        "region     prisoners    share\n"
        "─────────  ─────────  ───────\n"
        "Қазақстан     57,038  100.0 %\n"
        "旁听               9    0.1 %\n"
        "─────────  ─────────  ───────\n"
        "all\n");
  CHECK_THROWS_AS(table.add_row({"1", "2", "3", "4"}), std::invalid_argument);
}

TEST_CASE("a wide table gives up text, never digits") {
  Table table({{"name", Alignment::left}, {"count"}});
  table.add_row({"a rather long name of a measure", "1,234,567"});
  CHECK(table.text(25) ==
        "name                count\n"
        "──────────────  ─────────\n"
        "a rather long…  1,234,567\n");
  CHECK(table.text(5).find("1,234,567") != std::string::npos);
}
