// MeasureHistory: the value of a measure, from what the metrics said over its window.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/alarms/alarm_rule.hpp"
#include "libs/observe/reading.hpp"

namespace orderflow::alarms {

// A pure state machine; time is an argument and never goes back. Memory: one point for each take() within the window.
class MeasureHistory {
  public:
    explicit MeasureHistory(Measure measure) : measure_(std::move(measure)) {}

    // The value now. Until the window is full it covers what there is.
    std::optional<double> take(std::span<const observe::Reading> readings, Instant now);

  private:
    struct Point {
        Instant at;
        std::vector<double> totals;  // what the measure adds up: one counter, two, or the buckets of a histogram
    };

    std::optional<double> value_of(const Level& level, std::span<const observe::Reading> readings) const;
    std::optional<double> value_of(const Standstill& still, std::span<const observe::Reading> readings, Instant now);
    double stood_still(const std::string& group, double waiting, double progress, Instant now);
    // How much each total rose within the window; nothing at the first point.
    std::optional<std::vector<double>> rise(std::vector<double> totals, BootClock::duration window, Instant now);

    Measure measure_;
    std::deque<Point> points_;
    struct Movement {
        Instant at;  // when the progress was last seen, or nothing waited
        double progress;
    };
    std::map<std::string, Movement> moved_;  // Standstill: by the value of its label
};

}  // namespace orderflow::alarms
