// ProductImport: brings a file of products to a shop through its API (POST /v1/admin/products/import), and waits until
// the worker has carried it out.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/json/value.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/url.hpp"
#include "orderflow/import/file_pieces.hpp"

namespace orderflow {

struct ImportJob {
    net::Url api;       // of the shop; what stands behind its host is put in front of the paths of the API
    std::string token;  // of an operator; empty: none, which is good for a shop of this machine alone
    contract::ProductFileFormat format = contract::ProductFileFormat::csv;
    std::vector<FilePiece> pieces;  // one at least
    std::string key;     // of which each piece has its Idempotency-Key: a request that is repeated is the same import
    std::string by;      // who asks; empty: nobody says
    std::string reason;  // why; empty: not said
    bool dry_run = false;
    std::chrono::seconds wait{300};  // for the worker
};

struct ImportReport {
    std::vector<std::string> lines;  // for people
    bool all_taken = true;           // no line was, or would be, refused
};

class ProductImport {
  public:
    // One request, with any answer; the errors of HttpPool::ask().
    using Ask = std::function<task<Result<net::ClientAnswer>>(net::ClientRequest request, Instant deadline)>;
    using Tell = std::function<void(const std::string& progress)>;

    // `timers` and `clock` outlive it.
    ProductImport(ImportJob job, Ask ask, Tell tell, Executor& timers, const Clock& clock)
        : job_(std::move(job)), ask_(std::move(ask)), tell_(std::move(tell)), timers_(timers), clock_(clock) {}

    // A file that breaks rules is a report, and nothing of it was taken: of several pieces all are checked before the
    // first one is taken. Errors, each with what to do:
    //   unauthorized "import.unauthorized"  no operator's token, or one that may only read
    //   invalid_input "import.refused"      the API refuses the request as a whole, or is none
    //   unavailable "import.unavailable"    no answer that says more, after several tries with the same key
    //   unavailable "import.unfinished"     all is taken; the worker has not carried it out in time
    // The import outlives the call.
    task<Result<ImportReport>> run();

  private:
    enum class Wish : std::uint8_t { check, take };
    task<Result<ImportReport>> check(bool preview);
    task<Result<net::ClientAnswer>> bring(std::size_t piece, Wish wish);
    task<Result<ImportReport>> follow(std::vector<std::string> commands);
    // `result` outlives the call: follow() awaits it.
    task<Result<bool>> follow_one(std::string command, Instant until, std::string& result);
    net::ClientRequest request(const char* method, std::string_view path) const;

    ImportJob job_;
    Ask ask_;
    Tell tell_;
    Executor& timers_;
    const Clock& clock_;
};

}  // namespace orderflow
