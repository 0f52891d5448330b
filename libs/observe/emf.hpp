// EmfWriter: the metrics as lines of the CloudWatch Embedded Metric Format, from which CloudWatch Logs makes metrics.
// Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format"; limits of PutMetricData.
//
//   {"_aws":{"Timestamp":1767225600000,"CloudWatchMetrics":[{"Namespace":"Orderflow",
//    "Dimensions":[["queue","service"]],"Metrics":[{"Name":"orderflow_worker_leases_lost_total","Unit":"Count"}]}]},
//    "queue":"orders","service":"worker-service","orderflow_worker_leases_lost_total":12}
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/observe/reading.hpp"

namespace orderflow::observe {

// Counters are told as what came since the last time, gauges as they are. Of a histogram what was observed since the
// last time is told as values and counts: the value is the upper bound of its bucket, so that a percentile is never
// too low (the last finite bound, above that). A histogram that observed nothing is left out.
class EmfWriter {
  public:
    static constexpr std::size_t metrics_max = 100;   // of one line
    static constexpr std::size_t dimensions_max = 9;  // 30 today, 9 in older agents
    static constexpr std::size_t values_max = 100;    // of one metric in one line
    static constexpr std::string_view name_space = "Orderflow";

    // `service`: the dimension of every metric, beside its labels.
    explicit EmfWriter(std::string service) : service_(std::move(service)) {}

    // Each line is one JSON object, without its end.
    std::vector<std::string> lines(const std::vector<Reading>& readings, WallTime at);

  private:
    struct Before {
        double value = 0;
        std::vector<double> buckets;
    };
    using Series = std::pair<std::string, std::map<std::string, std::string>>;

    std::string service_;
    std::map<Series, Before> before_;
};

}  // namespace orderflow::observe
