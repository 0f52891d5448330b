// Reading: one series of the metrics as it is now, for a program that judges itself by its own metrics.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace orderflow::observe {

struct Reading {
    std::string name;
    std::map<std::string, std::string> labels;
    double value = 0;  // of a counter or a gauge; of a histogram the number of observations
    // Of a histogram: upper bound and the observations that do not exceed it. The bounds rise, the last is infinite.
    std::vector<std::pair<double, double>> buckets = {};
};

}  // namespace orderflow::observe
