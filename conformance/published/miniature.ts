/** A document of our own with each damage that the lab's report has, for tests. */
export const MINIATURE = `A lab report

Appendix-2: nothing of interest

\`\`\`
FROM scratch
\`\`\`

Appendix-3: proxy.py

\`\`\`
request_count = {
    "172.28.1.12": 0
class Handler:
    def do_GET(self):
        try:
            try:
                self.end()
            except BrokenPipeError:
\`\`\`

\`\`\`
pass
       except Exception as e:
            self.send response(502)
if __name__ == "__main__":
   Handler()
\`\`\`

Appendix-4: load_balancer.sh

\`\`\`
while true; do
   sleep 5
done
\`\`\`

Appendix-5: ai_load_balancer.py

\`\`\`
history = {
   SERVER2: 0
def select():
   if 1 <= 2:</pre>
       return SERVER2
\`\`\`
`;
