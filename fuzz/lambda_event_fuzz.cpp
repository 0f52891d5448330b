// Feeds bytes to the reader of events of AWS Lambda. What must hold for every input: it is read or refused; each record
// that is read has what the work needs and a receipt of its own; the answer that names all of them is JSON.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "libs/aws/lambda_event.hpp"
#include "libs/base/invariant.hpp"
#include "libs/json/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace orderflow;
    const auto records = aws::read_lambda_event(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!records) {
        ORDERFLOW_INVARIANT(records.error().code() == "lambda.event_malformed");
        return 0;
    }
    std::set<std::string_view> receipts;
    std::vector<orders::MessageId> failed;
    for (const auto& [queue, message] : *records) {
        ORDERFLOW_INVARIANT(!queue.empty() && !message.body.empty() && !message.id.value.empty());
        ORDERFLOW_INVARIANT(message.receive_count > 0 && receipts.insert(message.receipt.value).second);
        failed.push_back(message.id);
    }
    const auto answer = aws::write_batch_failures(failed);
    const auto read = json::parse(answer, {.bytes = std::size_t{64} * 1024 * 1024});
    ORDERFLOW_INVARIANT(read.has_value() && read->find("batchItemFailures")->array()->size() == records->size());
    return 0;
}
