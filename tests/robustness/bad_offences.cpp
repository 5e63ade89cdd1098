// Offences and victims behind a new case, wrongly written.
#include <catch2/catch.hpp>

#include "tests/robustness/bad_case.hpp"

namespace {

using namespace bad_scenarios;

/// The rest of [reoffending] goes with it, so that tables may follow.
const std::string kSame = "same_offence = 0.6\nmix.offence = { theft = 0.5, violent = 0.5 }";
std::string with(const std::string& text) {
  return kSame + "\n" + text;
}

const std::vector<Case> kOffences{
    {"less than one offence", kSame, with("offences_each = 0.5"), "offences_each = |0.5", "0.5 is below 1",
     "a case has at least one offence", "write 1 or more"},
    {"no offence", kSame, with("offences_each = 0"), "offences_each = |0", "0 is below 1", "at least one offence", ""},
    {"an uncertain number that may be too low", kSame, with("offences_each = { low = 0.8, central = 1.5, high = 2 }"),
     "offences_each = { low = |0.8", "0.8 is below 1", "at least one offence", ""},
    {"offences with a unit", kSame, with("offences_each = \"3 years\""), "offences_each = |\"3 years\"",
     "reoffending.offences_each", "", ""},
    {"negative victims", kSame, with("offences_each = 2\nvictims_each = -1"), "victims_each = |-1", "-1 is negative",
     "0 or more", "minus"},
    {"victims of no offences", kSame, with("victims_each = 1.5"), "|victims_each = 1.5",
     "reoffending.victims_each without reoffending.offences_each", "for each offence", "add offences_each"},
    {"a misspelt number is not missed as well", kSame, with("offence_each = 2\nvictims_each = 1.5"), "|offence_each",
     "unknown key \"offence_each\"", "nothing would read it", "\"offences_each\""},
    {"factors on nothing", kSame, with("offences_each_by.sex.female = 2"), "|offences_each_by",
     "reoffending.offences_each_by without reoffending.offences_each", "no effect", "add offences_each"},
    {"factors on no victims", kSame, with("offences_each = 2\nvictims_each_by.sex.female = 2"), "|victims_each_by",
     "reoffending.victims_each_by without reoffending.victims_each", "no effect", "add victims_each"},
    {"a factor for an unknown label", kSame, with("offences_each = 2\noffences_each_by.sex.femal = 2"),
     "offences_each_by.sex.|femal", "no sex \"femal\"", "[classes]", "\"female\""},
    {"factors that leave a class too few", kSame,
     with("offences_each = 2\noffences_each_by.sex.female = 0.8\noffences_each_by.risk.low = 0.5"),
     "offences_each_by.risk.low = |0.5", "reoffending.offences_each is 0.8 for female and low", "at least one offence",
     "raise the factor"},
    {"a policy that makes them too few", kSame,
     with("offences_each = 2\n\n[policies.fewer_offences]\nfrom = 2014-01-01\nscale.reoffending.offences_each = "
          "0.35"),
     "offences_each = |0.35", "policies.fewer_offences makes reoffending.offences_each 0.7 on 2014-01-01",
     "at least one offence", "change it by less"},
    {"a policy that makes them too few for a class", kSame,
     with("offences_each = 2\noffences_each_by.sex.female = 0.6\n\n[policies.fewer_offences]\nfrom = 2014-01-01\n"
          "regions = [\"south\"]\nset.reoffending.offences_each = 1.5"),
     "offences_each = |1.5", "makes reoffending.offences_each 0.9 for female on 2014-01-01", "at least one offence",
     "change it by less"},
};

}  // namespace

TEST_CASE("every wrong number of offences is placed and explained") {
  require_one_error_each(kOffences);
}
