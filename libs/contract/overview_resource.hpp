// The system as the HTTP API shows it to operators (components/schemas of contracts/openapi.yaml).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/instances/overview.hpp"
#include "libs/orders/domain/worker_settings.hpp"

namespace orderflow::contract {

// Beside what the instances tell.
struct OverviewExtras {
    orders::WorkerSettings workers{};
    std::int64_t dead_letters_open = 0;
    bool oldest_age = true;  // MessageQueue::tells_age()
};

// Schema Overview.
std::string encode_overview(const instances::Overview& overview, const OverviewExtras& extras);
// Schema OverviewHistory.
std::string encode_history(const std::vector<instances::Span>& spans, std::chrono::seconds step);
// Schema Workers: what was told to all, and the workers among the instances with what each does.
std::string encode_workers(const orders::WorkerSettings& settings,
                           const std::vector<instances::InstanceState>& instances);

}  // namespace orderflow::contract
