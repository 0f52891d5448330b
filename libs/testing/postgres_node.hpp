// PostgresNode: one PostgreSQL server in a directory of its own, for tests and for the chaos rig: it is made, started,
// killed, and copied as a standby.
//
// It listens on a Unix socket in its directory, where the role `superuser` needs no password, and with a port on
// 127.0.0.1, where every role does. It does not outlive the thread that started it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orderflow {

struct PostgresNodeOptions {
    std::filesystem::path directory;    // is there, and becomes the server's own
    std::uint16_t port = 0;             // of 127.0.0.1; 0: the socket alone
    std::vector<std::string> settings;  // "shared_buffers=64MB"; over those of the class
};

class PostgresNode {
  public:
    // Starts nothing. Throws when PostgreSQL is not installed. Its server refuses to run as root: then it runs as the
    // user `postgres`, or `nobody` where there is none; that user has to reach the directory.
    explicit PostgresNode(PostgresNodeOptions options);
    ~PostgresNode();  // kills it
    PostgresNode(const PostgresNode&) = delete;
    PostgresNode& operator=(const PostgresNode&) = delete;

    // An empty cluster. `password`: of the superuser on the port. All of these throw what the program said.
    void make(const std::string& password = "superuser");
    // A copy of another node, which runs on a port; when it is started it follows that one as its standby.
    void make_standby_of(const PostgresNode& primary, const std::string& password);

    // pg_dump of this database and pg_restore into that of another running node, which has none of its schemas yet.
    void copy_database_to(const PostgresNode& other) const;

    void start();             // and waits until it takes connections
    void kill();              // SIGKILL to the server itself; its children notice
    void kill_all();          // SIGKILL to it and to all of its children
    void stop_immediately();  // SIGQUIT: every session is cut, nothing is written down; waits for the end
    void promote();           // of a standby; waits until it takes writes

    bool is_running() const noexcept { return pid_ > 0; }
    // Runs SQL as the superuser and gives what psql prints. `options`: of the session (PGOPTIONS).
    std::string sql(const std::string& text, const std::string& options = {}) const;
    std::string socket_directory() const { return directory_.string(); }
    std::uint16_t port() const noexcept { return port_; }
    std::string log() const;

    // Adds lines in front of those of pg_hba.conf; from the next start on.
    void allow(const std::string& lines) const;
    // Makes a file that the server reads; a private key must be its own.
    std::string write_file(const std::string& name, const std::string& content) const;

  private:
    std::string url() const;
    std::vector<std::string> as_its_user() const;
    void run_as_its_user(const std::vector<std::string>& words) const;
    void own(const std::filesystem::path& path) const;
    bool is_ready() const;
    void reap();

    std::filesystem::path directory_;
    std::uint16_t port_;
    std::vector<std::string> settings_;
    std::string bin_;
    std::string user_;  // empty: this process's own
    pid_t pid_ = -1;
};

}  // namespace orderflow
