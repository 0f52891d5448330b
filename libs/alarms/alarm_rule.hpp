// AlarmRule: when a number that the program has about itself means that a person should look. As contracts/alarms.json
// says it; the file is the same for every program and for the stacks on AWS.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "libs/base/clock.hpp"

namespace orderflow::alarms {

// The series of one metric whose labels have one of the values named for them; labels that are not named may be any.
struct SeriesFilter {
    std::string metric;
    std::map<std::string, std::set<std::string>> labels;
};

// What a rule looks at. A measure has no value while its gauges or histograms are not there, or tell too little; a
// counter that is not there has counted nothing yet.
//   Level       the largest (or smallest) of gauges, now
//   Increase    how much counters rose within the window, all together
//   Share       how much counters rose, of how much others did; no value below `at_least` of these
//   Quantile    of a histogram within the window, in its unit; no value below `at_least` observations
//   Standstill  seconds since counters rose, or since nothing waited any more: work that waits and does not go on; of
//               several by a label the longest
struct Level {
    SeriesFilter of;
    bool smallest = false;
};
struct Increase {
    SeriesFilter of;
    BootClock::duration window;
};
struct Share {
    SeriesFilter part;
    SeriesFilter whole;
    BootClock::duration window;
    double at_least = 0;
};
struct Quantile {
    SeriesFilter of;
    double quantile;
    BootClock::duration window;
    double at_least = 0;
};
struct Standstill {
    SeriesFilter waiting;
    SeriesFilter progress;
    std::string by;  // a label: the series of each of its values are judged by themselves; empty: all together
};
using Measure = std::variant<Level, Increase, Share, Quantile, Standstill>;

enum class Severity : std::uint8_t { warning, critical };

// An alarm begins when its value has been beyond `threshold` for `hold`, and ends when it has been back at `clears_at`
// (or had no value) for `clear_hold`. Between the two it stays as it is.
struct AlarmRule {
    std::string name;  // "oldest-age": letters, digits and '-'
    Severity severity = Severity::warning;
    std::string summary;             // one sentence for a person
    std::set<std::string> programs;  // that have its series
    Measure measure;
    bool above = true;  // beyond is above; else below
    double threshold = 0;
    double clears_at = 0;
    BootClock::duration hold{};
    BootClock::duration clear_hold{};
};

}  // namespace orderflow::alarms
