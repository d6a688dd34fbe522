// Records a model that TensorFlow.js writes itself, with inputs and outputs -> net.json, net.weights.bin, xy.json in the working folder.
//     npm install @tensorflow/tfjs@4.22.0; node record_tensorflow_js.js; zip -9 tensorflow_js.zip net.json net.weights.bin xy.json
const tf = require("@tensorflow/tfjs");
const fs = require("fs");

(async () => {
  await tf.setBackend("cpu");
  const L = tf.layers;
  const net = tf.sequential({ name: "net", layers: [
    L.conv2d({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [10, 10, 3] }), L.batchNormalization(),
    L.maxPooling2d({ poolSize: 2 }), L.flatten(), L.dense({ units: 3, activation: "softmax" }),
  ] });
  net.setWeights(net.getWeights().map((weight) => tf.randomUniform(weight.shape, 0.2, 0.8, "float32", 5)));
  const x = tf.randomUniform([4, 10, 10, 3], 0, 1, "float32", 7);
  const y = net.predict(x);
  let made;
  await net.save({ save: async (artifacts) => {
    made = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  } });
  const { modelTopology, format, generatedBy, convertedBy } = made;
  const weightsManifest = [{ paths: ["net.weights.bin"], weights: made.weightSpecs }];
  fs.writeFileSync("net.weights.bin", Buffer.from(made.weightData));
  fs.writeFileSync("net.json", JSON.stringify({ modelTopology, format, generatedBy, convertedBy, weightsManifest }));
  fs.writeFileSync("xy.json", JSON.stringify({ x: x.arraySync(), y: y.arraySync() }));
})();
