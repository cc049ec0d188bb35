# A throw-away PostgreSQL server: $1 the folder of its programs, $2 the port, $3 settings.
# Lives as long as its standard input stays open, which is as long as the test process lives, however that ends.
trap '' INT TERM HUP
folder=$(mktemp -d "${TMPDIR:-/tmp}/plenary-postgres-XXXXXX") || exit 1
cleanup() { rm -rf "$folder"; }
if ! "$1/initdb" --no-sync --no-instructions -E UTF8 --locale=C.UTF-8 -A trust -U postgres -D "$folder/data" >"$folder/log" 2>&1; then
    cat "$folder/log"
    cleanup
    exit 1
fi
# shellcheck disable=SC2086 # the settings are words
"$1/postgres" -D "$folder/data" -k "$folder" -p "$2" -c listen_addresses=127.0.0.1 $3 </dev/null >>"$folder/log" 2>&1 &
server=$!
for _ in $(seq 600); do
    kill -0 "$server" 2>/dev/null || break
    if "$1/pg_isready" -q -h "$folder" -p "$2"; then
        echo "ready $folder"
        cat >/dev/null
        kill -QUIT "$server"
        wait "$server"
        cleanup
        exit 0
    fi
    sleep 0.05
done
cat "$folder/log"
kill -QUIT "$server" 2>/dev/null
wait "$server"
cleanup
exit 1
