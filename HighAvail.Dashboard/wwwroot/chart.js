// Says what a chart shows where the pointer is, or, with the arrow keys, the line that is moved. The charts themselves are drawn anew by the server.
const readout = document.createElement("div");
readout.className = "chart-readout";
readout.hidden = true;
readout.setAttribute("role", "status");
document.body.append(readout);

let plot = null;
let index = 0;

document.addEventListener("pointermove", event => {
    const target = event.target.closest?.(".chart-plot");
    if (!target) {
        hide();
        return;
    }

    const box = target.getBoundingClientRect();
    show(target, Math.floor((event.clientX - box.left) / box.width * count(target)));
});
document.addEventListener("keydown", event => {
    const target = event.target.closest?.(".chart-plot");
    if (target && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        event.preventDefault();
        show(target, (plot === target ? index : count(target)) + (event.key === "ArrowLeft" ? -1 : 1));
    }
});
document.addEventListener("focusout", hide);

function hide() {
    readout.hidden = true;
    plot = null;
}

function data(target) {
    return JSON.parse(target.dataset.chart);
}

function count(target) {
    return Math.max(1, ...data(target).lines.map(line => line.values.length));
}

function show(target, at) {
    const { from, width, unit, lines } = data(target);
    plot = target;
    index = Math.min(Math.max(at, 0), count(target) - 1);
    const rows = lines.filter(line => line.values[index] !== null).map(line => `${line.name}: ${line.values[index]} ${unit}`);
    readout.textContent = [new Date(from + index * width).toLocaleTimeString(), ...(rows.length ? rows : ["No value"])].join("\n");
    readout.hidden = false;
    const box = target.getBoundingClientRect();
    const left = box.left + (index + 0.5) / count(target) * box.width;
    readout.style.left = `${Math.min(Math.max(left + 12, 8), window.innerWidth - readout.offsetWidth - 8)}px`;
    readout.style.top = `${Math.max(box.top - readout.offsetHeight - 4, 8)}px`;
}
