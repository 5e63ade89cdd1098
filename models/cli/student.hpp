// Student's t distribution, for bounds on the mean of a few replications.
#pragma once

namespace prisonflow::cli {

/// The value that |t| exceeds with chance `alarm`, for `degrees` of freedom (at least 1); 0 < alarm < 1.
double student_bound(double alarm, double degrees);

}  // namespace prisonflow::cli
