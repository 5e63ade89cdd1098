// What is wrong with files: missing, too large, outside of the folder, in circles; and with tables, to the cell.
// And several faults at once: all are reported, in the order of the text.
#include <catch2/catch.hpp>

#include "models/csv_table.hpp"
#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;
using prisonflow::models::Diagnostic;
using prisonflow::models::to_string;

const std::string kRate = "rate = { between = \"steps\", on = { 2010-01-01 = 42000, 2012-01-01 = 39000 } }";
const std::string kRateTable = "rate = { table = \"table.csv\" }";
const std::string kTermBy = "term_by.offence.violent = 2.4";
const std::string kDuration = "duration = { distribution = \"exponential\", mean = \"60 days\" }";
const std::string kEmpirical = "duration = { distribution = \"empirical\", table = \"table.csv\" }";
const std::string kRowTheft =
    "shares_for.theft = { prison = 0.2, probation = 0.8 }\nshares_for.\"theft/female\" = { prison = 0.1, probation = "
    "\"rest\" }";
const std::string kRows = "shares_for = { table = \"table.csv\" }";

}  // namespace

TEST_CASE("a scenario that cannot be read is told in one line") {
  const Folder folder;
  folder.write("scenario.toml", kSound);
  require_error(errors_in(folder.path() / "scenari.toml"), folder.path(), "scenari.toml",
                {"cannot be read", "no such file", "scenario.toml"});
  require_error(errors_in(folder.path()), folder.path().parent_path(), folder.path().filename().string(),
                {"cannot be read", "it is a folder"});
  require_error(errors_in(folder.write("large.toml", std::string(5u << 20, '#'))), folder.path(), "large.toml",
                {"cannot be read", "5.0 MB", "limit is 4 MB"});
  require_error(errors_in(folder.write("bytes.toml", "grade = \"assumed\"\n\xff\xfe")), folder.path(), "bytes.toml:2:1",
                {"not UTF-8", "save the file as UTF-8"});
}

TEST_CASE("absurd texts are refused before they are parsed") {
  const Folder folder;
  std::string dots = "a";
  for (int i = 0; i < 200000; ++i) dots += ".a";
  require_error(errors_in(folder.write("dots.toml", dots + " = 1\n")), folder.path(), "dots.toml:1:64",
                {"nested more than 32"});
  require_error(errors_in(folder.write("header.toml", "[" + dots + "]\n")), folder.path(), "header.toml:1:65",
                {"nested more than 32"});
  require_error(errors_in(folder.write("braces.toml", "a = " + std::string(100000, '{'))), folder.path(),
                "braces.toml:1:37", {"nested more than 32"});
  require_error(errors_in(folder.write("bracket.toml", "\n [ )\n")), folder.path(), "bracket.toml:2:2", {"no name"});
}

TEST_CASE("extends that cannot be followed") {
  const Folder folder;
  const auto error = [&](const std::string& name, const std::string& text, const std::string& place,
                         const std::vector<std::string>& words) {
    INFO(name);
    require_error(errors_in(folder.write(name, text)), folder.path(), place, words);
  };
  folder.write("base.toml", kSound);
  error("a.toml", "extends = \"bas.toml\"\n", "a.toml:1:11",
        {"extends \"bas.toml\" cannot be read", "no such file", "base.toml"});
  error("b.toml", "extends = 5\n", "b.toml:1:11", {"extends is a whole number", "names one file"});
  error("c.toml", "extends = \"/etc/passwd\"\n", "c.toml:1:11", {"outside of the scenario's folder", "copy the file"});
  error("d.toml", "extends = \"../../etc/passwd\"\n", "d.toml:1:11", {"outside of the scenario's folder"});
  error("e.toml", "extends = \"\"\n", "e.toml:1:11", {"names no file"});
  error("f.toml", "extends = \"f.toml\"\n", "f.toml:1:11", {"extends itself", "remove one"});
  folder.write("h.toml", "# a comment\nextends = \"g.toml\"\n");
  error("g.toml", "extends = \"h.toml\"\n", "h.toml:2:11", {"\"g.toml\" extends itself", "g.toml → "});
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "link.toml");
  error("i.toml", "extends = \"link.toml\"\n", "i.toml:1:11", {"link that leads outside"});
  for (int i = 0; i < 9; ++i)
    folder.write("deep" + std::to_string(i) + ".toml", "extends = \"deep" + std::to_string(i + 1) + ".toml\"\n");
  folder.write("deep9.toml", kSound);
  require_error(errors_in(folder.path() / "deep0.toml"), folder.path(), "deep8.toml:1:11", {"more than 8 files"});
  CHECK(errors_in(folder.path() / "deep1.toml").empty());
  error("j.toml", "extends = \"base.toml\"\npolicies.code = \"none\"\n", "j.toml:2:17",
        {"removes nothing", "\"codes\""});
  error("k.toml", "extends = \"base.toml\"\n[states.prison]\nautomatic_release = 1.5\n", "k.toml:3:21",
        {"share 1.5 is above 1"});
  folder.write("broken.toml", "[scenario]\nname = \n");
  error("l.toml", "extends = \"broken.toml\"\n", "broken.toml:2:8", {"syntax error"});
}

TEST_CASE("errors in tables are placed to the cell") {
  const std::vector<Tabled> cases{
      {"a missing table",
       kRate,
       "rate = { table = \"tabel.csv\" }",
       "date,value\n",
       "main.toml:88:18",
       {"table \"tabel.csv\" cannot be read", "no such file", "\"table.csv\""}},
      {"a table elsewhere",
       kRate,
       "rate = { table = \"../table.csv\" }",
       "",
       "main.toml:88:18",
       {"outside of the scenario's folder"}},
      {"an empty table",
       kRate,
       kRateTable,
       "\n# nothing\n",
       "table.csv:1:1",
       {"the table is empty", "names the columns"}},
      {"a wrong column",
       kRate,
       kRateTable,
       "date,values\n2010-01-01,5\n",
       "table.csv:1:6",
       {"unknown column \"values\"", "\"value\""}},
      {"a missing column",
       kRate,
       kRateTable,
       "value\n5\n",
       "table.csv:1:1",
       {"column \"date\" is missing", "date and value"}},
      {"a column twice",
       kRate,
       kRateTable,
       "date,value,value\n2010-01-01,5,6\n",
       "table.csv:1:12",
       {"there twice", "remove or rename"}},
      {"a short row",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,5\n2011-01-01\n",
       "table.csv:3:1",
       {"1 cells", "2 columns", "comma"}},
      {"a long row",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,42,000\n",
       "table.csv:2:15",
       {"3 cells", "2 columns", "quotes"}},
      {"an open quotation mark",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,\"5\n",
       "table.csv:2:12",
       {"never closed", "close it"}},
      {"text after a quotation mark",
       kRate,
       kRateTable,
       "date,value\n\"2010-01-01\"x,5\n",
       "table.csv:2:13",
       {"follows a closing quotation mark"}},
      {"a bad date",
       kRate,
       kRateTable,
       "date,value\n01.01.2010,5\n",
       "table.csv:2:1",
       {"\"01.01.2010\" is no date", "2015-01-31"}},
      {"the same date twice",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,5\n2010-01-01,6\n",
       "table.csv:3:12",
       {"given twice", "line 2"}},
      {"a bad number",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,many\n",
       "table.csv:2:12",
       {"\"many\" is not a rate"}},
      {"another encoding",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,\xe9\n",
       "table.csv:2:12",
       {"not UTF-8", "save the file"}},
      {"an empty cell",
       kRate,
       kRateTable,
       "date,value\n2010-01-01,\n",
       "table.csv:2:12",
       {"is not a rate", "finite number"}},
      {"a negative number", kRate, kRateTable, "date,value\n2010-01-01,-5\n", "table.csv:2:12", {"-5 is negative"}},
      {"infinity", kRate, kRateTable, "date,value\n2010-01-01,inf\n", "table.csv:2:12", {"is not a rate", "finite"}},
      {"an unknown grade",
       kRate,
       kRateTable,
       "date,value,grade\n2010-01-01,5,gemessen\n",
       "table.csv:2:14",
       {"unknown grade \"gemessen\"", "measured"}},
      {"an unknown source",
       kRate,
       kRateTable,
       "date,value,source\n2010-01-01,5,court\n",
       "table.csv:2:14",
       {"unknown source \"court\"", "[sources]"}},
      {"no rows", kRate, kRateTable, "date,value\n", "main.toml:88:8", {"has no values"}},
      {"a factor for an unknown label",
       kTermBy,
       "term_by = { table = \"table.csv\" }",
       "trait,label,value\noffence,violet,2\n",
       "table.csv:2:9",
       {"no offence \"violet\"", "\"violent\""}},
      {"a factor given twice",
       kTermBy,
       "term_by = { table = \"table.csv\" }",
       "trait,label,value\nsex,male,2\nsex,male,3\n",
       "table.csv:3:10",
       {"term_by.sex.male is given twice", "line 2"}},
      {"shares that do not add up",
       kRowTheft,
       kRows,
       "offence,prison,probation\ntheft,0.2,0.7\n",
       "table.csv:2:1",
       {"add up to 0.9", "\"rest\""}},
      {"a branch that is none",
       kRowTheft,
       kRows,
       "offence,prison,probatoin\ntheft,0.2,0.8\n",
       "table.csv:1:16",
       {"unknown column \"probatoin\"", "\"probation\""}},
      {"the same row twice",
       kRowTheft,
       kRows,
       "offence,sex,prison,probation\ntheft,,0.2,rest\ntheft,male,0.3,rest\ntheft,,0.4,rest\n",
       "table.csv:4:1",
       {"is there twice"}},
      {"a row for everyone",
       kRowTheft,
       kRows,
       "offence,prison,probation\n,0.2,rest\n",
       "table.csv:2:1",
       {"a row without a label"}},
      {"durations that do not ascend",
       kDuration,
       kEmpirical,
       "duration,share\n30 days,0.5\n20 days,1\n",
       "table.csv:3:1",
       {"do not ascend", "sort"}},
      {"shares that do not reach 1",
       kDuration,
       kEmpirical,
       "duration,share\n30 days,0.5\n60 days,0.9\n",
       "table.csv:3:9",
       {"end at 0.9", "never"}},
      {"durations without a unit",
       kDuration,
       kEmpirical,
       "duration,share\n30,1\n",
       "table.csv:2:1",
       {"without a unit", "\"30 days\""}},
  };
  for (const Tabled& test : cases) require_table_error(test);
}

TEST_CASE("observed series are checked like everything else") {
  const Folder folder;
  const auto error = [&](const std::string& table, const std::string& place, const std::vector<std::string>& words) {
    folder.write("seen.csv", table);
    require_error(
        errors_in(folder.write("main.toml",
                               kSound + "[observed.stock]\nmeasure = \"prison_population\"\ntable = \"seen.csv\"\n")),
        folder.path(), place, words);
  };
  error("date,value,source\n2010-01-01,5,\n", "seen.csv:2:1", {"a value without a source"});
  error("date,value,source\n2010-01-01,5 000,A book\n", "seen.csv:2:12", {"\"5 000\" is no number"});
  error("date,value,source\n2010-01-01,5,A book\n2010-01-01,5,A book\n", "seen.csv:3:1", {"2010-01-01 is there twice"});
  error("date,value,source\n", "main.toml:157:9", {"has no values"});
}

TEST_CASE("an observed series stands beside a measure, and its years are told apart") {
  const Folder folder;
  folder.write("seen.csv", "date,value,source\n2010-01-01,5,A book\n");
  const auto error = [&](const std::string& keys, const std::string& place, const std::vector<std::string>& words) {
    require_error(
        errors_in(folder.write("main.toml", kSound + "[observed.stock]\ntable = \"seen.csv\"\n" + keys + "\n")),
        folder.path(), place, words);
  };
  error("measure = \"prison_populaton\"", "main.toml:157:11",
        {"\"prison_populaton\" is no measure", "compared with nothing", "\"prison_population\""});
  error("measure = \"prisoners\"", "main.toml:157:11", {"is split by sex", "one number a date", "by = []"});
  error("measure = \"prison_population\"\njudged = [2018, 2015]", "main.toml:158:10",
        {"judged is no pair of years", "judge the scenario", "[2015, 2018]"});
  error("measure = \"prison_population\"\nfitted = [2010, 2014]\njudged = [2014, 2018]", "main.toml:159:10",
        {"share years", "judges nothing", "after the fitted ones"});
}

TEST_CASE("a scenario that no computer holds is refused with the numbers") {
  const Folder folder;
  std::string text = replaced_once(kSound, "end = 2020-01-01", "end = 2200-01-01");
  text = replaced_once(text, "2010-01-01 = 42000", "2010-01-01 = 9000000");
  require_error(errors_in(folder.write("huge.toml", text)), folder.path(), "huge.toml:88:49",
                {"1710 million persons", "arrivals.suspects.rate.2010-01-01", "204 GiB", "64 GiB", "sample"});
}

TEST_CASE("several faults are all reported, in the order of the text") {
  const Folder folder;
  const auto places = [&](const std::string& text) {
    std::vector<std::string> found;
    for (const Diagnostic& error : errors_in(folder.write("many.toml", text)))
      found.push_back(std::to_string(error.line) + ":" + std::to_string(error.column));
    return found;
  };
  std::string text = replaced_once(kSound, "persons = 1000", "persons = -1");
  text = replaced_once(text, "parole_retry = \"6 months\"", "parole_retry = 6");
  text = replaced_once(text, "to = \"dead\"", "to = \"ded\"");
  CHECK(places(text) == std::vector<std::string>{"55:16", "97:11", "108:6"});

  text = replaced_once(kSound, "seed = 7", "sed = 7");
  text = replaced_once(text, "shares = { prison = 0.7, free = 0.3 }", "shares = { prison = 0.7, free = 0.4 }");
  text = replaced_once(text, "regions = [\"north\"]", "regions = [\"nort\"]");
  CHECK(places(text) == std::vector<std::string>{"9:1", "61:10", "135:12"});

  text = replaced_once(kSound, "only.sex = [\"female\"]\nopens", "only.sex = [\"male\"]\nopens");
  CHECK(places(text) == std::vector<std::string>{"29:9", "46:9"});

  text = replaced_once(kSound, "same_offence = 0.6", "same_offence = 6");
  text = replaced_once(text, "[states.end]", "[states.lonely]\nkind = \"exit\"\n\n[states.end]");
  CHECK(places(text) == std::vector<std::string>{"80:9", "107:16"});

  // A kind that nobody knows hides no key that no kind has.
  text = replaced_once(kSound, "kind = \"custody\"", "kind = \"custdy\"");
  text = replaced_once(text, "parole_retry = \"6 months\"", "parole_rety = \"6 months\"");
  const auto place = [&](const std::string& at) {
    const auto [line, column] = place_of(text, at);
    return std::to_string(line) + ":" + std::to_string(column);
  };
  CHECK(places(text) == std::vector<std::string>{place("kind = |\"custdy\""), place("|parole_rety")});
}

TEST_CASE("what only the whole scenario shows") {
  const Folder folder;
  const auto error = [&](const std::string& text, const std::string& place, const std::vector<std::string>& words) {
    require_error(errors_in(folder.write("whole.toml", text)), folder.path(), "whole.toml" + place, words);
  };
  const std::string head = "grade = \"assumed\"\n[scenario]\nname = \"x\"\nstart = 2010-01-01\nend = 2011-01-01\n";
  const std::string arrivals = "[arrivals.all]\nto = \"free\"\nrate = 1\n";
  error(head + "[states.free]\nkind = \"liberty\"\n" + arrivals, ":6:2", {"no state is an exit", "able to leave"});
  error(head + "[states.end]\nkind = \"exit\"\n", ":1:1", {"nobody ever enters", "[arrivals.<name>]"});
  error(head, ":1:1", {"[states] is missing"});
  error(replaced_once(kSound, "[states.dead]", "[facilities.other.men]\nplaces = 5\n\n[states.dead]"), ":118:22",
        {"facilities.colonies.men", "name of facilities.other.men", "colonies_men"});

  std::string many = head + arrivals;
  many += "[states.free]\nkind = \"liberty\"\nleaving = 1\nnext = \"end\"\n[states.end]\nkind = \"exit\"\n";
  for (int i = 0; i < 250; ++i)
    many += "[states.s" + std::to_string(i) + "]\nkind = \"delay\"\nduration = \"1 day\"\nnext = \"free\"\n";
  for (int i = 0; i < 250; ++i)
    many += "[arrivals.a" + std::to_string(i) + "]\nto = \"s" + std::to_string(i) + "\"\nrate = 1\n";
  error(many, ":9:2", {"252 states", "at most 250"});

  std::string phased = kSound;
  for (int i = 0; i < 3; ++i)
    phased += "[policies.p" + std::to_string(i) + "]\nfrom = 2010-01-" + std::to_string(11 + i) +
              "\napplies_to = \"new cases\"\nphase_in = \"10 years\"\nscale.mortality.rate = 0.9\n";
  error(phased, ":165:11", {"more than 255 dates", "shorten a phase_in"});
}

TEST_CASE("a table of more than a million rows is refused") {
  std::string text = "a,b\n";
  for (int i = 0; i <= 1000000; ++i) text += "1,2\n";
  prisonflow::models::Problems problems;
  CHECK_FALSE(prisonflow::models::parse_csv(text, 0, problems));
  const auto errors = problems.in_text_order({"big.csv"});
  REQUIRE(errors.size() == 1);
  CHECK_THAT(to_string(errors[0]), Catch::StartsWith("big.csv:1000002:1: the table has more than 1000000 rows"));
}
